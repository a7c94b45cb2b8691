"""The receipt, the admin and the commands."""

import asyncio
import io
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from bot import endpoint_traits
from bot.llm import client as llm
from bot.llm import clients
from bot.models import Bot, EndpointTrait, Run
from bot.provisioning import create_bot, ensure_default_bot
from e2e.model_server import Reply as Model
from mysite.tests.waiting import PATIENCE
from rooms.kernel.db_executor import run_db
from rooms.models import Message, RoomKind
from rooms.services import bot_replies, membership

from .conftest import answered, until, working


def receipt(client, user, room, message_id):
    client.force_login(user)
    return client.get(f"/api/rooms/{room.name}/messages/{message_id}/receipt")


@pytest.mark.django_db(transaction=True)
async def test_the_receipt_says_how_it_came_about(model, say, alice, bob, bot, room, client):
    bot.price_in, bot.price_out = 1.0, 2.0
    await run_db(bot.save)
    fact = await run_db(say, bob, "The deploy is on Friday.")
    model.next(Model("", calls=[("search_room", {"words": "deploy"})]), Model("Friday."), Model("Still Friday."))
    async with working():
        question = await run_db(say, alice, "@bot when?")
        first = await answered(question)
        await run_db(bot_replies.retry, alice, room.name, first.message_id)
        await until(Run.objects.filter(question=question, message__text="Still Friday.", state="done").first)
    found = (await run_db(receipt, client, bob, room, first.message_id)).json()
    assert (found["state"], found["model"], found["question"], found["bot"]) == (
        "done",
        "gpt-5-mini",
        question.id,
        "bot",
    )
    assert found["read"] == [fact.id, question.id] and found["versions"][0]["text"] == "Friday."
    tokens = found["tokens"]
    assert found["cost"] == pytest.approx((tokens["in"] + 2 * tokens["out"]) / 1e6) and tokens["in"] > 0
    assert 0 <= found["first_token_ms"] <= found["total_ms"] and found["attempts"] == 1 and found["read_in"] == "lobby"
    assert first.tools == [{"name": "search_room", "arguments": {"words": "deploy"}, "found": 1}]


@pytest.mark.django_db
def test_what_has_no_price_costs_nothing_that_is_known(bot):
    assert bot.cost(1000, 0, 1000) is None
    bot.price_out = 2.0
    assert bot.cost(1_000_000, 0, 500_000) == 1.0
    bot.price_in, bot.price_out = 3.0, None
    assert bot.cost(1_000_000, 0, 500_000) == 3.0


@pytest.mark.django_db
def test_a_receipt_is_for_those_who_may_read_the_reply(say, alice, charlie, client):
    secret = membership.create_room(alice, "Secret", "private")
    reply = Message.objects.get(reply_to=say(alice, "@bot hi", where=secret))
    assert receipt(client, alice, secret, reply.id).status_code == 200
    assert receipt(client, charlie, secret, reply.id).status_code == 404
    assert receipt(client, alice, secret, reply.reply_to_id).status_code == 404
    client.logout()
    assert client.get(f"/api/rooms/{secret.name}/messages/{reply.id}/receipt").status_code == 401


@pytest.mark.django_db
def test_the_default_bot_comes_from_the_environment_and_follows_it(bot, alice, settings):
    assert ensure_default_bot() == bot and bot.user.username == "bot" and not bot.user.has_usable_password()
    settings.BOT_NAME = "robo"
    assert ensure_default_bot().pk == bot.pk and Bot.objects.get().user.username == "robo"
    settings.BOT_NAME = "alice"  # a person
    assert ensure_default_bot().user.username == "robo" and not type(alice).objects.get(pk=alice.pk).is_bot


@pytest.mark.django_db
def test_a_key_is_named_and_never_kept(monkeypatch):
    monkeypatch.setenv("HELPER_API_KEY", "sk-secret")
    helper = create_bot("helper", model="m", key_variable="HELPER_API_KEY")
    assert helper.endpoint.key == "sk-secret" and helper.endpoint.configured
    helper.key_variable = "SECRET_KEY"
    assert helper.endpoint.key == ""
    assert "sk-secret" not in str(Bot.objects.filter(pk=helper.pk).values().get())


@pytest.mark.django_db
def test_addbot_makes_a_bot(room):
    call_command("addbot", "helper", model="m", base_url="http://ollama:11434/v1", api="chat", room=["lobby"],
                 temperature=0.5, stdout=io.StringIO())  # fmt: skip
    helper = Bot.objects.get(user__username="helper")
    assert (helper.endpoint.base_url, helper.temperature, helper.user.is_bot) == ("http://ollama:11434/v1", 0.5, True)
    assert list(helper.rooms.all()) == [room]


IMPOSSIBLE = ["http://localhost:abc/v1", "http://localhost:99999/v1", "http://[::1/v1", "http://a..b/v1",
              f"http://{'a' * 70}.example/v1", "http://:80/v1", "http://localhost:0/v1"]  # fmt: skip


@pytest.mark.django_db
def test_addbot_takes_limits_and_prices(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    limits = {"context_tokens": 500, "person_daily_tokens": 1000, "room_daily_tokens": 2000, "daily_tokens": 3000,
              "price_in": 0.25, "price_out": 2.0, "max_tokens": 400}  # fmt: skip
    options = [part for name, value in limits.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    call_command("addbot", "helper", "--model", "m", *options, stdout=io.StringIO())
    call_command("addbot", "other", "--model", "m", stdout=io.StringIO())
    helper, other = Bot.objects.order_by("id").filter(user__username__in=["helper", "other"])
    assert {name: getattr(helper, name) for name in limits} == limits
    assert (other.context_tokens, other.person_daily_tokens, other.price_in) == (None, 200_000, None)
    with pytest.raises(SystemExit):
        call_command("addbot", "--help")
    assert "200000 by default" in (said := capsys.readouterr().out) and "BOT_CONTEXT_TOKENS by default" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("handle", "options", "sentence"),
    [
        ("alice", {}, "taken"), ("not a name", {}, "Use up to"), ("x", {"room": ["nowhere"]}, "no room called nowhere"),
        ("x", {"base_url": "ollama:11434"}, r"^Write an address like \S+$"),
        *(("x", {"base_url": address}, "not a valid server address") for address in IMPOSSIBLE),
        ("x", {"key_variable": "sk-abc"}, "do not write the key"),
        ("x", {"key_variable": "SECRET_KEY"}, "ends in _API_KEY"),
        ("x", {"temperature": 9.0}, "less than or equal to 2"),
        ("x", {"daily_tokens": -1}, "greater than or equal to 0"),
        *(("x", {"price_in": price}, "not negative") for price in (-1.0, float("nan"), float("inf"))),
        ("x", {"temperature": float("nan")}, "not negative"),
    ],
)  # fmt: skip
def test_addbot_says_what_is_wrong(alice, handle, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("addbot", handle, model="m", **options)
    assert not Bot.objects.filter(user__username="x").exists()


def check(**options) -> str:
    out = io.StringIO()
    call_command("checkbot", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_checkbot_says_what_works(model, bot):
    model.answer_with(answer_checks)
    said = check()
    assert "It answers: 'ready'" in said and "It works." in said
    for step in ("plain", "stream", "tools", "full window"):
        assert f"{step}: passed" in said


def answer_checks(request) -> Model:
    """A model with which all works."""
    if "marigold" in request.said:
        return Model("Marigold.")
    if "37" in request.said:
        return Model("37")
    return Model("", calls=[("room_temperature", {"room": "kitchen"})]) if "tools" in request.body else Model("ready")


@pytest.mark.django_db
def test_checkbot_says_what_helps_and_what_is_done_without(model, bot):
    endpoint_traits.remember_refused(bot.endpoint, "temperature", "long ago")

    def answer(request):
        if "tools" in request.body:
            return Model.error(400, "this model does not support tools")
        return Model("Which flower?") if "marigold" in request.said else Model("ready")

    model.answer_with(answer)
    said = check()
    assert "It works, but not all of it: tools, full window." in said
    assert "Its server does not take tools: this model does not support tools" in said
    assert "OLLAMA_CONTEXT_LENGTH" in said
    assert [trait.name for trait in EndpointTrait.objects.exclude(name=EndpointTrait.READING_SPEED)] == ["tools"]
    model.answer_with(Model.error(404, "Not Found"))
    with pytest.raises(CommandError, match="There is no model server"):
        check()


@pytest.mark.django_db
def test_checkbot_says_what_does_not_and_why(model, bot, settings):
    model.answer_with(Model.error(401, "Incorrect API key provided"))
    with pytest.raises(CommandError, match=r"rejected the API key.*Incorrect API key"):
        check()
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match="cannot be reached"):
        check()
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    with pytest.raises(CommandError, match="No model is connected"):
        check()
    with pytest.raises(CommandError, match="no bot called nobody"):
        check(handle="nobody")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*IMPOSSIBLE, "http://999.1.1.1/v1"])
def test_an_address_of_the_environment_that_cannot_be_is_said_in_words(bot, settings, address):
    settings.OPENAI_BASE_URL = address
    with pytest.raises(CommandError, match="The model server's address is invalid"):
        check()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["sk-…", "sk\nX-Other: header", "sk\x00"])
def test_a_key_that_cannot_be_is_said_in_words_and_not_sent(model, bot, settings, key):
    settings.OPENAI_API_KEY = key
    with pytest.raises(CommandError, match="contains invalid characters"):
        check()
    assert not model.requests


@pytest.mark.django_db
def test_checkbot_says_that_a_key_is_missing(model, monkeypatch):
    create_bot("helper", model="m", base_url=model.base_url, key_variable="HELPER_API_KEY")
    monkeypatch.delenv("HELPER_API_KEY", raising=False)
    assert "The variable HELPER_API_KEY is not set." in check(handle="helper")
    monkeypatch.setenv("HELPER_API_KEY", "sk-secret")
    assert "not set" not in check(handle="helper")
    assert model.requests[-1].headers["authorization"] == "Bearer sk-secret"
    create_bot("keyless", model="m", base_url=model.base_url)
    assert "It sends no key" in check(handle="keyless")


@pytest.mark.django_db
def test_checkbot_says_that_nothing_was_said(model, bot):
    model.say("")
    with pytest.raises(CommandError, match="it said nothing"):
        check()


@pytest.mark.django_db
def test_checkbot_names_the_first_cause(model, bot, settings, monkeypatch):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match=r"cannot be reached. \(.*Connect call failed"):
        check()
    monkeypatch.setattr(llm.LIMITS, "connect", 0.2)
    settings.OPENAI_BASE_URL = model.base_url.replace("http:", "https:")
    with pytest.raises(CommandError, match="no connection to 127.0.0.1 within 0.2 seconds, or it does not speak https"):
        check()


@pytest.mark.django_db
def test_the_default_address_is_not_that_of_the_environment(model, monkeypatch):
    """Of two bots only one is meant by OPENAI_BASE_URL: the key of the other must not go there."""
    monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
    monkeypatch.setenv("HELPER_API_KEY", "sk-secret\n")
    helper = create_bot("helper", model="m", key_variable="HELPER_API_KEY")
    assert helper.endpoint.key == "sk-secret"

    async def address():
        return clients.get_client(helper.endpoint).base_url

    assert str(asyncio.run(address())) == "https://api.openai.com/v1/"


@pytest.mark.django_db
def test_bots_are_made_and_changed_in_the_admin(admin_client, alice, bot):
    fields = {"handle": "helper", "name": "Helper", "enabled": "on", "model": "m", "api": "chat", "tools": "on",
              "base_url": "http://localhost:11434/v1", "person_daily_tokens": 1, "room_daily_tokens": 1,
              "daily_tokens": 1}  # fmt: skip
    assert "taken" in admin_client.post("/admin/bot/bot/add/", {**fields, "handle": "Alice"}).content.decode()
    assert admin_client.post("/admin/bot/bot/add/", fields).status_code == 302
    helper = Bot.objects.get(user__username="helper")
    assert helper.user.is_bot and helper.endpoint.api == "chat"
    wrong = admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", {**fields, "base_url": "http://a..b/v1"})
    assert "This is not a valid server address" in wrong.content.decode()
    assert admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", {**fields, "handle": "helper2"}).status_code == 302
    helper.user.refresh_from_db()
    assert helper.user.username == "helper2"
    assert admin_client.get(f"/admin/bot/bot/{bot.pk}/change/").status_code == 200


@pytest.mark.django_db
def test_the_admin_shows_runs_without_what_was_said(admin_client, say, alice):
    reply = Message.objects.get(reply_to=say(alice, "@bot CANARY"))
    page = admin_client.get(f"/admin/bot/run/{Run.objects.get().pk}/change/").content.decode()
    assert reply.room.title in page and "alice" in page and "CANARY" not in page
    assert admin_client.get("/admin/bot/run/").status_code == 200


@pytest.mark.django_db
def test_the_admin_names_no_private_room_of_others_and_nobody_in_it(admin_client, say, make_user, bot):
    someone = make_user("someone")
    private = membership.create_room(someone, "CANARY-TITLE", RoomKind.PRIVATE)
    say(someone, "@bot find CANARY-WORDS", where=private)
    run = Run.objects.get()
    Run.objects.update(tools=[{"name": "search_room", "arguments": {"words": "CANARY-SEARCH"}, "found": 0}])
    pages = [
        "/admin/bot/run/",
        f"/admin/bot/run/{run.pk}/change/",
        f"/admin/bot/bot/{bot.pk}/change/",
        "/admin/bot/bot/add/",
    ]
    for page in pages:
        text = admin_client.get(page).content.decode()
        assert "CANARY" not in text and "someone" not in text, page


@pytest.mark.django_db
def test_rooms_that_staff_may_not_see_stay_chosen(admin_client, alice, make_user):
    hidden = membership.create_room(make_user("someone"), "Hidden", RoomKind.PRIVATE)
    open_one = membership.create_room(alice, "Open")
    helper = create_bot("helper", model="m")
    helper.rooms.add(hidden, open_one)
    fields = {"handle": "helper", "name": "Helper", "enabled": "on", "model": "m", "api": "chat",
              "base_url": "http://localhost:11434/v1", "person_daily_tokens": 1, "room_daily_tokens": 1,
              "daily_tokens": 1, "rooms": []}  # fmt: skip
    assert admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", fields).status_code == 302
    assert list(helper.rooms.all()) == [hidden]


@pytest.mark.django_db(transaction=True)
async def test_a_worker_of_its_own_process_is_killed_and_another_finishes(model, say, alice, bot, tmp_path):
    """kill -9 in the middle of an answer; the lease is shortened here so that nobody waits for it."""
    model.next(Model("half of " * 500, token_delay=0.02))
    process = await run_db(start_worker, model)
    try:
        question = await run_db(say, alice, "@bot hi")
        saved = Message.objects.filter(reply_to=question, text__startswith="half")
        await until(saved.first)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    await run_db(Run.objects.update, lease_until="2020-01-01T00:00:00Z")
    process = await run_db(start_worker, model)
    try:
        run = await until(Run.objects.filter(question=question, state="done").select_related("message").first)
        assert (run.message.text, run.attempts) == ("Hello.", 2)
        process.terminate()
        assert await run_db(process.wait, PATIENCE) == 0
    finally:
        process.kill()


def start_worker(model):
    """`runbot` on the test's database and model."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{found['NAME']}"
    else:
        where = f"{found['HOST'] or ''}:{found['PORT'] or ''}"
        url = f"postgres://{found['USER']}:{found['PASSWORD']}@{where}/{found['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "test-key"}
    command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), "runbot"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
