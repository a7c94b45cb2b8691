"""The cases of evalbot: those that ship can be read, and what is wrong in a file is said."""

import re

import msgspec
import pytest

from bot.evaluation.cases import Case, CaseError, Expected, load_cases


def case(**fields) -> Case:
    return Case(**{"name": "some-case", "about": "who", "question": "Who?", "expect": Expected()} | fields)


def test_the_cases_that_ship_can_be_read():
    cases = load_cases()
    assert len(cases) >= 40 and len({each.about for each in cases}) >= 9
    for each in cases:
        assert each.expect != Expected(), each.name
        for pattern in each.expect.matches:
            re.compile(pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[case]]", "missing required field"),
        ("case = []", "length >= 1"),
        ("not toml", "Expected '='"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\nsurprise = 1', "unknown field `surprise`"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\nexpect = {cites = [2]}\n'
         'messages = [{from = "ravi", text = "a"}]', "a-case: it has 1 messages, and names number 2"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\nexpect = {language = "xx"}', "languages are en"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\nmessages = [{from = "R V", text = "a"}]', "regex"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\nkind = "direct"\n'
         'messages = [{from = "ravi", text = "a"}]', "others have written"),
        ('[[case]]\nname = "a-case"\nabout = "x"\nquestion = "?"\n' * 2, "another case of this name"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_said_to_be_wrong_where(tmp_path, text, said):
    path = tmp_path / "cases.toml"
    path.write_text(text)
    with pytest.raises(CaseError, match=re.escape(said)):
        load_cases(path)


def test_cases_can_be_json(tmp_path):
    path = tmp_path / "cases.json"
    path.write_bytes(msgspec.json.encode({"case": [{"name": "a-case", "about": "x", "question": "?"}]}))
    assert [each.name for each in load_cases(path)] == ["a-case"]
    with pytest.raises(CaseError, match="No such file"):
        load_cases(tmp_path / "absent.toml")
