"""A bot's page, and the examples with which a direct message with it can begin."""

import re
from html import unescape

import pytest
from django.utils import translation

from bot import endpoint_traits
from bot.answering import builtin
from bot.provisioning import create_bot
from bot.web import profile
from rooms.models import RoomKind
from rooms.services import membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(bot):
    return create_bot("helper", model="small-1", base_url="http://localhost:1/v1", description="Knows the handbook.")


@pytest.fixture
def page(client, alice):
    """page(name="helper", user=alice) → what the page about a bot says."""

    def read(name="helper", user=alice):
        client.force_login(user)
        answer = client.get(f"/people/{name}/")
        assert answer.status_code == 200
        return " ".join(unescape(answer.content.decode()).split())

    return read


def test_it_says_what_the_bot_is_for_and_which_model_it_asks(page, helper):
    helper.instruction = "SECRET INSTRUCTION"
    helper.save()
    text = page()
    assert "Knows the handbook." in text and "from the model small-1" in text and "SECRET" not in text
    assert "0 of 200,000 tokens used" in text and "localhost" not in text


def test_it_says_what_was_found_out_about_the_model(page, helper):
    assert "It can search that room" in page()
    endpoint_traits.remember_refused(helper.endpoint, "tools", "no tools here")
    endpoint_traits.remember_context_tokens(helper.endpoint, 4096, "too long")
    text = page()
    assert "It works without tools" in text and "at most 4,096 tokens" in text and "no tools here" not in text


def test_a_bot_that_may_not_search_is_said_to_work_without_tools(page, helper):
    helper.tools = False
    helper.save()
    assert "It works without tools" in page()


def test_rooms_that_the_reader_may_not_enter_are_not_named(page, helper, room, alice, charlie):
    secret = membership.create_room(alice, "Takeover", RoomKind.PRIVATE)
    helper.rooms.add(room, secret)
    assert "Takeover" in page() and "What you could ask" in page()
    text = page(user=charlie)
    assert "Takeover" not in text and "Lobby" in text
    assert "answers only members of the rooms" in text and "What you could ask" not in text


def test_a_bot_that_is_disabled_says_so_and_offers_nothing(page, client, helper):
    helper.enabled = False
    helper.save()
    assert "This bot is disabled." in page() and "What you could ask" not in page()
    assert "?example=" not in client.get("/dm/helper/").content.decode()


def test_a_direct_message_begins_with_examples(client, alice, helper):
    helper.examples = "Where is <the> handbook?\n\n  Who wrote it?  \nthree\nfour\nfive"
    helper.save()
    client.force_login(alice)
    page = client.get("/dm/helper/").content.decode()
    offered = re.findall(r'href="\?example=(\d)" data-say="([^"]*)"', page)
    assert [(int(number), unescape(text)) for number, text in offered] == [
        (1, "Where is <the> handbook?"), (2, "Who wrote it?"), (3, "three"), (4, "four")
    ]  # fmt: skip
    assert "<the>" not in page


@pytest.mark.parametrize(
    ("chosen", "draft"), [("2", "two"), ("0", ""), ("3", ""), ("-1", ""), ("x", ""), ("9" * 30, ""), (None, "")]
)
def test_without_a_script_an_example_comes_back_in_the_field(client, alice, helper, chosen, draft):
    helper.examples = "one\ntwo"
    helper.save()
    client.force_login(alice)
    page = client.get("/dm/helper/", {"example": chosen} if chosen else {}).content.decode()
    assert re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)[1].strip() == draft


def test_people_offer_no_examples_and_have_no_such_sections(client, alice, bob):
    client.force_login(alice)
    page = client.get("/dm/bob/", {"example": "1"}).content.decode()
    assert "?example=" not in page and "Say hello" in page
    assert "bot-about" not in client.get("/people/bob/").content.decode()


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_bot_without_a_model_offers_what_it_knows(bot, settings, language):
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    with translation.override(language):
        examples = profile.get_examples(bot)
    assert len(examples) == 4
    for text in examples:
        assert any(pattern.search(text) for pattern, _skill in builtin._SKILLS), text


def test_there_are_four_examples_for_a_bot_with_a_model(helper):
    english = profile.get_examples(helper)
    with translation.override("de"):
        german = profile.get_examples(helper)
    assert len(english) == len(german) == 4 and not set(english) & set(german)


def test_both_texts_are_edited_in_the_admin(admin_client, helper):
    page = admin_client.get(f"/admin/bot/bot/{helper.pk}/change/").content.decode()
    assert 'name="description"' in page and 'name="examples"' in page
