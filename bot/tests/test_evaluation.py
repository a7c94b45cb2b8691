"""evalbot: what is checked, and a whole run against a server that speaks the real protocol."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bot.evaluation import runner
from bot.evaluation.cases import Case, Expected, Said, SentFile, load_cases
from bot.evaluation.checks import Answer, cited_numbers, problems
from bot.evaluation.languages import LANGUAGES, detect
from bot.evaluation.runner import Result
from bot.management.commands.evalbot import Command
from bot.models import Run, Usage
from bot.provisioning import create_bot
from e2e.model_server import Reply as Model
from files.models import BlobText
from rooms.kernel.db_executor import run_db
from rooms.models import Message, Room

TIMES = [datetime(2026, 3, 2, 9, 12, tzinfo=UTC), datetime(2026, 3, 4, 10, 0, tzinfo=UTC)]
GOOD = Answer("Lena said so.", True, False, frozenset())


def case(**fields) -> Case:
    return Case(**{"name": "some-case", "about": "who", "question": "Who?", "expect": Expected()} | fields)


@pytest.mark.parametrize(
    ("expect", "changes", "found"),
    [
        ({"contains": ["LENA"]}, {}, []),
        ({"contains": [["ravi", "lena"]]}, {}, []),
        ({"contains": [["ravi", "tomas"]]}, {}, ["it does not contain 'ravi' or 'tomas'"]),
        ({"excludes": ["lena"]}, {}, ["it contains 'lena'"]),
        ({"matches": [r"\bSAID\b"]}, {}, []),
        ({"matches": ["never"]}, {}, ["it does not match 'never'"]),
        ({"cites": [2]}, {}, ["it does not cite message 2"]),
        ({"cites": [2], "cites_only": True}, {"cited": frozenset({0, 1, 2})}, ["it cites other messages: 0, 1"]),
        ({"language": "de"}, {"text": "The door is open."}, ["its language is en, not de"]),
        ({"max_words": 2}, {}, ["it has 3 words, more than 2"]),
        ({"private": True}, {}, ["it is not in the direct message"]),
        ({}, {"is_private": True}, ["it is in the direct message"]),
        ({"contains": ["{weekday 1} {date 2} {time 1}"]}, {"text": "monday 2026-03-04 09:12"}, []),
        ({"contains": ["x"]}, {"done": False, "note": "The model is busy."}, ["it failed: The model is busy."]),
        ({"excludes": ["x"]}, {"text": " "}, ["it is empty"]),
    ],
)
def test_what_is_checked(expect, changes, found):
    assert problems(case(expect=Expected(**expect)), replace(GOOD, **changes), TIMES) == found


def test_citations_are_those_of_the_finished_reply():
    text = "It is [#71](#m71), and [#72](/chat/case-1/#m72); not [#73] or [#9](#m9)."
    assert cited_numbers(text, [70, 71, 72, 73]) == {2, 3, 0}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das Treffen ist am Freitag um zehn.", "de"),
        ("Lena apporte le gâteau.", "fr"),
        ("La puerta nueva es verde.", "es"),
        ("They agreed on the green wall. `der die das und ist nicht`", "en"),
        ("会議は金曜日です。", "ja"),
        ("42", None),
    ],
)
def test_languages_are_told_by_common_words(text, language):
    assert detect(text) == language and (language is None or language in LANGUAGES)


async def results(bot, *cases):
    return [result async for result in runner.evaluate(bot, cases)]


@pytest.mark.django_db(transaction=True)
async def test_a_case_is_asked_as_a_worker_asks_it(model, bot):
    model.answer_with(cite_the_line_with("projector"))
    asked = case(
        question="Who brings the projector?",
        topic="Thursday",
        messages=[
            Said("ravi", "We need a beamer.", at="3d 09:12"),
            Said("lena", "I bring the projector.", reply_to=1, file=SentFile("list.txt", "x" * 5000)),
            Said("tomas", "CANARY", deleted=True),
        ],
        elsewhere=[Said("lena", "ELSEWHERE")],
        expect=Expected(contains=["lena"], cites=[2], cites_only=True),
    )
    [result] = await results(bot, asked)
    assert (result.problems, result.passed) == ([], True)
    assert result.tokens_in > 0 and result.answer.startswith("lena, see [#")
    said = model.requests[0].said
    assert "list.txt, 5 KB]" in said and await run_db(list, BlobText.objects.values_list("page", flat=True)) == [1, 2]
    assert "Thursday" in said and "09:12" in said and "We need a beamer." in said
    assert "CANARY" not in said and "ELSEWHERE" not in said


def cite_the_line_with(word: str):
    def answer(request) -> Model:
        lines = json.dumps(request.body).replace('\\"', '"').replace("\\\\n", "\\n").split("\\n")
        number = next(re.search(r"\[(\d+),", line)[1] for line in lines if f"I bring the {word}" in line)
        return Model(f"lena, see [#{number}]")

    return answer


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
async def test_every_case_that_ships_can_be_asked(model, bot):
    """And none passes with an answer that says nothing. Slow (3 s): it asks all of them."""
    model.say("Qqq.")
    cases = load_cases()
    found = await results(bot, *cases)
    assert [result.case.name for result in found] == [each.name for each in cases]
    assert not any("it failed" in problem or "direct message" in problem for each in found for problem in each.problems)
    assert not any(each.passed for each in found)
    asked = [json.dumps(each.question, ensure_ascii=False)[1:-1] for each in cases]
    assert all(
        question in request.said.replace("\\", "") for question, request in zip(asked, model.requests, strict=True)
    )


@pytest.mark.django_db(transaction=True)
async def test_catching_up_is_answered_in_private(model, bot):
    model.say("The mill is booked.")
    asked = case(
        question="catch me up", read_up_to=1, expect=Expected(private=True, contains=["mill"]),
        messages=[Said("ravi", "Hello."), Said("lena", "The mill is booked.")],
    )  # fmt: skip
    [result] = await results(bot, asked)
    assert result.problems == []
    assert "The mill is booked." in model.requests[0].said


@pytest.mark.django_db(transaction=True)
async def test_a_direct_message_holds_only_its_own_case(model, bot):
    first = case(kind="direct", messages=[Said("mona", "My cat is Biscuit."), Said("bot", "Nice.")])
    second = case(kind="direct", messages=[Said("mona", "My dog is Rex.")], expect=Expected(excludes=["hello"]))
    model.say("Hello.")
    found = await results(bot, first, second)
    assert [result.problems for result in found] == [[], ["it contains 'hello'"]]
    assert "Biscuit" in model.requests[0].said and "Biscuit" not in model.requests[1].said


@pytest.mark.django_db(transaction=True)
async def test_a_model_that_fails_fails_the_case(model, bot):
    model.answer_with(Model.error(401, "Incorrect API key"))
    [result] = await results(bot, case())
    assert not result.passed and "rejected the API key" in result.problems[0]


ONLY = ["--only=cite-nothing-that-is-not-there", "--only=who-am-i", "--only=edited-text-counts"]


def evaluate(*arguments, **options) -> tuple[int, str]:
    """The exit code, and what it printed."""
    out = io.StringIO()
    try:
        call_command("evalbot", *arguments, stdout=out, no_color=True, **options)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command_asks_elsewhere_and_leaves_nothing_behind(model, bot, monkeypatch):
    """Slow (6 s): a process of its own, with a database that is made by all migrations."""
    kinds = (User, Room, Message, Run, Usage)
    monkeypatch.setenv("HELPER_API_KEY", "sk-helper")
    create_bot("helper", model="m-7", base_url=model.base_url, key_variable="HELPER_API_KEY", api="chat")
    before = [kind.objects.count() for kind in kinds]
    model.answer_with(lambda request: Model("lena" if "What is my user name" in request.said else "42"))
    code, printed = evaluate(*ONLY, "--json", bot="helper")
    found = json.loads(printed)
    assert (code, found["bot"], found["model"], found["passed"], found["of"]) == (1, "helper", "m-7", 1, 3)
    wrong = found["cases"][1]
    assert (wrong["name"], wrong["answer"]) == ("cite-nothing-that-is-not-there", "42") and wrong["tokens_in"] > 0
    assert wrong["problems"] == ["it does not contain '56'"]
    assert [kind.objects.count() for kind in kinds] == before
    assert {request.headers["authorization"] for request in model.requests} == {"Bearer sk-helper"}


def test_the_table_says_what_is_wrong():
    command = Command(stdout=io.StringIO(), no_color=True)
    command._report(Result(case(), "Lena\nknows.", 1.25, 10, 2))
    command._report(Result(case(), "42", 0.5, 10, 2, ["it does not contain '56'"]))
    assert [line.strip() for line in command.stdout._out.getvalue().splitlines()] == [
        "passed  who          some-case                               1.2 s",
        "failed  who          some-case                               0.5 s",
        "it does not contain '56'",
        "It answered: '42'",
    ]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_before_it_asks(model, bot, settings, tmp_path):
    for arguments, said in (
        (["--only=nothing"], "no case nothing"),
        (["--bot=nobody"], "no bot called nobody"),
        ([str(tmp_path / "absent.toml")], "No such file"),
    ):
        with pytest.raises(CommandError, match=said):
            evaluate(*arguments)
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    with pytest.raises(CommandError, match="No model is connected"):
        evaluate(*ONLY)
    assert "who: who-am-i" in evaluate("--list")[1] and not model.requests
