"""How many strangers one account may turn to in a day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rooms.kernel.errors import ChatError
from rooms.models import Room
from rooms.services import direct_messages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings):
    settings.MAX_NEW_DIRECT_PER_DAY = 10


@pytest.fixture
def strangers(make_user):
    return [make_user(f"stranger{number}") for number in range(12)]


@pytest.fixture
def old(alice):
    """alice, here for longer than a day."""
    alice.date_joined = timezone.now() - timedelta(days=2)
    alice.save()
    return alice


def begin(user, others) -> ChatError | None:
    """Begin a conversation with each; the refusal, when there is one."""
    for other in others:
        try:
            direct_messages.get_or_create_direct_message(user, other.username)
        except ChatError as error:
            return error
    return None


def test_so_many_conversations_may_be_begun_in_a_day(old, strangers):
    assert begin(old, strangers[:10]) is None
    refused = begin(old, strangers[10:])
    assert refused.code == "rate_limited"
    assert refused.message == "You have started too many conversations today. Try again in 24 h."
    assert 86_000 < refused.retry_after <= 86_400
    assert direct_messages.get_or_create_direct_message(old, "stranger0")  # one that is there already
    Room.objects.filter(name=direct_messages.get_or_create_direct_message(old, "stranger0").name).update(
        created=timezone.now() - timedelta(days=1)
    )
    assert begin(old, strangers[10:11]) is None
    assert begin(old, strangers[11:]).code == "rate_limited"


def test_on_its_first_day_an_account_begins_fewer(alice, strangers):
    assert begin(alice, strangers[:2]) is None
    assert begin(alice, strangers[2:3]).code == "rate_limited"


def test_staff_bots_and_conversations_with_bots_are_not_counted(alice, bot_user, make_user, strangers):
    bots = [make_user(f"robot{number}", is_bot=True) for number in range(3)]
    assert begin(alice, bots) is None
    assert begin(alice, strangers[:2]) is None
    assert begin(alice, [bot_user]) is None
    assert begin(bot_user, strangers) is None
    assert begin(make_user("boss", is_staff=True), strangers) is None


def test_who_was_written_to_may_answer(alice, strangers):
    for other in strangers:
        other.date_joined = timezone.now() - timedelta(days=2)
        other.save()
    assert all(begin(other, [alice]) is None for other in strangers)
    assert begin(alice, strangers) is None


def test_a_page_says_so_in_words(alice, strangers):
    client = Client()
    client.force_login(alice)
    begin(alice, strangers[:2])
    page = client.post("/dm/stranger5/", {"message": "hi"})
    assert page.status_code == 429
    assert "You have started too many conversations today." in page.content.decode()
