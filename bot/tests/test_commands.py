"""Commands that make bots and try their models: addbot, checkbot; and the settings that the default bot follows."""

import asyncio
import base64
import io

import pytest
from django.core.management import CommandError, call_command

from bot import endpoint_traits
from bot.llm import client as llm
from bot.llm import clients
from bot.models import Bot, EndpointTrait
from bot.provisioning import create_bot, ensure_default_bot
from e2e.model_server import Reply as Model


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
    for step in ("plain", "stream", "tools", "full window", "image"):
        assert f"{step}: passed" in said


def answer_checks(request) -> Model:
    """A model with which all works."""
    if "marigold" in request.said:
        return Model("Marigold.")
    if "image_url" in request.said:
        return Model("The left half is yellow, the right half is blue.")
    if "37" in request.said:
        return Model("37")
    return Model("", calls=[("room_temperature", {"room": "kitchen"})]) if "tools" in request.body else Model("ready")


@pytest.mark.django_db
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_checkbot_shows_the_model_a_picture(model, bot, settings, api):
    settings.OPENAI_API = api
    model.answer_with(answer_checks)
    assert "image: passed" in check()
    (content,) = [each["content"] for each in model.requests[-1].body["messages" if api == "chat" else "input"][-1:]]
    shown = content[1]["image_url"]["url"] if api == "chat" else content[1]["image_url"]
    picture = base64.b64decode(shown.removeprefix("data:image/png;base64,"))
    assert picture.startswith(b"\x89PNG") and [part["type"] for part in content] == (
        ["text", "image_url"] if api == "chat" else ["input_text", "input_image"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "image input is not supported - hint: you may need to provide the mmproj",
        "messages[1]: unknown variant `image_url`, expected `text`",
        "measured is not a multimodal model",
        "No endpoints found that support image input",
    ],
)
def test_a_server_that_takes_no_images_is_remembered(model, bot, words):
    model.answer_with(
        lambda request: Model.error(400, words) if "image_url" in request.said else answer_checks(request)
    )
    said = check()
    assert "image: failed" in said and "It works." in said
    assert [trait.name for trait in EndpointTrait.objects.exclude(name=EndpointTrait.READING_SPEED)] == ["images"]


@pytest.mark.django_db
def test_a_model_that_does_not_see_what_is_shown_fails_that_step(model, bot):
    model.answer_with(
        lambda request: Model("Blue and yellow") if "image_url" in request.said else answer_checks(request)
    )
    said = check()
    assert "image: failed" in said and "does not say what is in one" in said


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
