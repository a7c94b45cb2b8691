"""What people are called beside their user names, and what they say of themselves for a while."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import profiles, reserved_names, statuses
from accounts.display_names import check_display_name
from accounts.privacy.erasure import anonymize
from accounts.privacy.personal_data import export_account

pytestmark = pytest.mark.django_db
PROFILE = {"email": ""}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Anna Schmidt", "Anna Schmidt"),
        ("  Anna\t Schmidt \n", "Anna Schmidt"),
        ("Åse\u0301", "Ås\u00e9"),
        ("An\u200bna\x00", "Anna"),
        ("李小龙", "李小龙"),
        ("Ольга", "Ольга"),
        ("", ""),
        ("alice", "alice"),
        ("Alice", "Alice"),
        ("x" * 50, "x" * 50),
    ],
)
def test_it_is_kept_as_people_write_it_without_what_nobody_sees(alice, typed, name):
    assert check_display_name(typed, alice) == name


@pytest.mark.parametrize(
    "typed",
    [
        *["x" * 51, "!!!", "🙂", "a\u202eb", "a@b", "@bob"],
        *["admin", "Admin", "A d m i n", "Ádmin", "adm1n", "аdmin", "Μoderator", "Roundtable", "everyone"],
        *["bob", "Bob", "b.o.b", "b_o_b", "Bób", "ＢＯＢ", "воb", "bоb", "Deleted account 7"],
    ],
)
def test_it_reads_like_nobody_elses_user_name_and_like_no_reserved_one(alice, bob, typed):
    with pytest.raises(ValidationError):
        check_display_name(typed, alice)


def test_the_name_of_an_erased_account_stays_reserved(alice):
    reserved_names.reserve("carol")
    with pytest.raises(ValidationError, match="reserved"):
        check_display_name("Carol", alice)


def test_a_name_that_staff_have_given_can_be_kept(alice):
    alice.display_name = "Support"
    assert check_display_name("Support", alice) == "Support"


def test_it_is_changed_on_the_profile_page(client, alice, bob):
    client.force_login(alice)
    client.post("/accounts/profile/", PROFILE | {"display_name": "Anna Schmidt"})
    alice.refresh_from_db()
    assert (alice.display_name, alice.shown_name) == ("Anna Schmidt", "Anna Schmidt")
    refused = client.post("/accounts/profile/", PROFILE | {"display_name": "Bob"})
    assert refused.status_code == 400
    assert "Somebody else has this user name" in refused.content.decode()
    client.post("/accounts/profile/", PROFILE | {"display_name": ""})
    alice.refresh_from_db()
    assert alice.shown_name == "alice"


# --- statuses ---


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        ("", None),
        ("30m", datetime(2026, 11, 25, 23, 0, tzinfo=UTC)),
        ("1h", datetime(2026, 11, 25, 23, 30, tzinfo=UTC)),
        ("today", datetime(2026, 11, 26, 23, 59, 59, tzinfo=ZoneInfo("Europe/Berlin"))),  # Thursday there
        ("week", datetime(2026, 11, 29, 23, 59, 59, tzinfo=ZoneInfo("Europe/Berlin"))),
    ],
)
def test_a_status_ends_by_the_clock_of_its_owner(monkeypatch, duration, end):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 25, 22, 30, tzinfo=UTC) + timedelta(minutes=0))
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # after midnight in Berlin
    if duration in ("today", "week"):
        monkeypatch.setattr(timezone, "now", lambda: late)
    assert statuses.end_of(duration, ZoneInfo("Europe/Berlin")) == end


def test_a_status_that_has_ended_is_none(alice):
    profiles.set_status(alice, "lunch", "🍽️", "dnd", "30m")
    assert alice.current_status.words == "lunch"
    alice.status_until = timezone.now() - timedelta(seconds=1)
    assert alice.current_status is None


@pytest.mark.parametrize("emoji", ["a", "1", "🙂 x", "<b>", "🙂" * 40, "\u202e🙂"])
def test_an_emoji_is_a_picture(alice, emoji):
    with pytest.raises(ValidationError):
        profiles.set_status(alice, "x", emoji)


@pytest.mark.parametrize("emoji", ["🌴", "🍽️", "1️⃣", "🏳️‍🌈", "👩🏽‍💻", "🇩🇪"])
def test_all_kinds_of_emoji_are_pictures(alice, emoji):
    profiles.set_status(alice, "", emoji)
    alice.refresh_from_db()
    assert alice.current_status.emoji == emoji


def test_the_page_saves_and_clears_it_and_offers_some(client, alice):
    client.force_login(alice)
    client.post("/accounts/status/", {"text": "thinking", "emoji": "🤔", "availability": "dnd", "duration": "1h"})
    alice.refresh_from_db()
    assert (alice.status, alice.status_emoji, alice.availability) == ("thinking", "🤔", "dnd")
    assert timedelta(minutes=59) < alice.status_until - timezone.now() <= timedelta(hours=1)
    assert "thinking" in client.get("/accounts/status/").content.decode()
    client.post("/accounts/status/", {"preset": "4"})
    alice.refresh_from_db()
    assert (alice.status, alice.status_emoji, alice.availability) == ("On holiday", "🌴", "")
    client.post("/accounts/status/", {"do": "clear"})
    alice.refresh_from_db()
    assert alice.current_status is None


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x" * 81},
        {"emoji": "abc"},
        {"availability": "gone"},
        {"duration": "9h"},
        {"preset": "99"},
        {"preset": "9" * 5000},  # more digits than Python makes a number of
    ],
)
def test_the_page_refuses_what_is_none(client, alice, fields):
    client.force_login(alice)
    before = alice.status
    answer = client.post("/accounts/status/", fields)
    alice.refresh_from_db()
    assert alice.status == before
    assert answer.status_code == (302 if "preset" in fields else 400)


def test_the_menu_gets_the_form_alone(client, alice):
    client.force_login(alice)
    page = client.get("/accounts/status/?card=1").content.decode()
    assert "<form" in page
    assert "<html" not in page


def test_both_are_exported_and_erased(alice):
    profiles.set_display_name(alice, "Anna Schmidt")
    profiles.set_status(alice, "lunch", "🍽️", "away", "today")
    found = export_account(alice)
    assert (found["display_name"], found["status_emoji"], found["availability"]) == ("Anna Schmidt", "🍽️", "away")
    anonymize(alice)
    alice.refresh_from_db()
    assert (alice.display_name, alice.current_status, alice.status_until) == ("", None, None)
