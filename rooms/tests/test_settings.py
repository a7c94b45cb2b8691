"""Settings: what is chosen counts at once, on each page, in mails, and for other programs."""

import json
import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts import preferences as accounts_preferences
from accounts.models import User
from accounts.preferences import Preferences, preferences_of
from accounts.privacy import erasure
from accounts.privacy.personal_data import export_account
from jobs.worker import run_all
from rooms.models import Membership
from rooms.publishing import publisher
from rooms.services import membership, messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]

LOOK = {"theme": "system", "text_size": "100", "density": "comfortable", "time_format": "", "language": ""}


@pytest.fixture
def browser(client, alice):
    client.force_login(alice)
    return client


def choose(browser, **choices) -> str:
    """Save the page of looks; what it says then."""
    answer = browser.post(reverse("settings"), LOOK | choices, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def head(page: str) -> str:
    return page[page.index("<html") : page.index("<head>")]


def test_what_is_chosen_stands_in_the_first_line_of_each_page(browser):
    page = choose(browser, theme="dark", text_size="120", density="compact", time_format="24")
    assert "Saved." in page
    for address in ("settings", "rooms", "profile"):
        said = head(browser.get(reverse(address)).content.decode())
        for each in ('theme="dark"', 'text-size="120"', 'density="compact"', 'time-format="24"'):
            assert f"data-{each}" in said
    assert "data-theme" not in (said := head(choose(browser)))
    assert "data-text-size" not in said and "data-density" not in said


@pytest.mark.parametrize("choice", [{"theme": "neon"}, {"text_size": "900"}, {"density": ""}, {"language": "xx"}])
def test_what_is_not_offered_is_refused(browser, alice, choice):
    assert browser.post(reverse("settings"), LOOK | choice).status_code == 400
    alice.refresh_from_db()
    assert alice.preferences == {}


def test_the_theme_is_chosen_alone_in_my_menu(browser, alice):
    choose(browser, text_size="120", density="compact")
    page = browser.post(reverse("settings"), {"theme": "dark"}, follow=True).content.decode()
    said = head(page)
    assert 'theme="dark"' in said and 'text-size="120"' in said and 'density="compact"' in said
    menu = page[page.index('id="my-theme"') :]
    assert re.findall(r'value="(\w+)"\s+aria-pressed="true"', menu[: menu.index("</form>")]) == ["dark"]
    alice.refresh_from_db()
    assert alice.preferences == {"density": "compact", "time_format": "", "language": ""}


def test_the_width_of_the_sidebar_is_there_at_the_first_paint(browser):
    page = browser.get(reverse("rooms")).content.decode()
    assert "data-side" not in head(page) and 'aria-valuenow="256"' in page
    browser.cookies["side"] = "300"
    page = browser.get(reverse("rooms")).content.decode()
    assert 'data-side="300"' in head(page) and 'aria-valuenow="300"' in page


def test_a_forged_cookie_is_no_attribute(browser):
    browser.cookies["theme"] = browser.cookies["text-size"] = browser.cookies["side"] = '"><script>'
    assert "script" not in head(browser.get(reverse("settings")).content.decode())


def test_the_language_of_the_account_wins_over_that_of_the_browser(browser, client):
    asks = {"headers": {"Accept-Language": "en"}}
    assert 'lang="en"' in browser.get(reverse("settings"), **asks).content.decode()
    assert "Gespeichert." in choose(browser, language="de")
    assert 'lang="de"' in browser.get(reverse("rooms"), **asks).content.decode()
    del browser.cookies["django_language"]  # another browser
    assert 'lang="de"' in browser.get(reverse("profile"), **asks).content.decode()
    choose(browser, language="")
    assert 'lang="en"' in browser.get(reverse("rooms"), **asks).content.decode()


def test_mails_are_in_the_language_of_who_gets_them(browser, alice, settings):
    settings.EMAIL_HOST = "mail.example.org"
    alice.email = "alice@example.org"
    alice.save()
    alice.emailaddress_set.create(email=alice.email, primary=True)
    accounts_preferences.save(alice, {"language": "de"})
    browser.post(reverse("account_reset_password"), {"email": alice.email}, headers={"Accept-Language": "en"})
    run_all()
    assert "Passwort" in mail.outbox[-1].body


def test_hours_are_as_the_reader_wants_them(browser, alice, lobby):
    message_id = messages.post(alice, "lobby", "tea").message_id
    type(lobby.messages.get()).objects.filter(pk=message_id).update(created="2026-11-20T14:05:00Z")
    assert "2:05 PM" in browser.get("/chat/lobby/").content.decode()
    choose(browser, time_format="24")
    page = browser.get("/chat/lobby/").content.decode()
    assert "14:05" in page and "2:05 PM" not in page


@pytest.mark.parametrize(
    ("accepted", "clock"),
    [("en-GB,en;q=0.9", "14:05"), ("en-US", "2:05 PM"), ("en", "2:05 PM"), ("de-AT", "14:05"), ("*", "2:05 PM")],
)
def test_else_hours_are_as_scripts_write_them_in_this_browser(browser, alice, lobby, accepted, clock):
    message_id = messages.post(alice, "lobby", "tea").message_id
    type(lobby.messages.get()).objects.filter(pk=message_id).update(created="2026-11-20T14:05:00Z")
    accounts_preferences.save(alice, {"language": "en"})
    assert clock in browser.get("/chat/lobby/", headers={"Accept-Language": accepted}).content.decode()


def test_the_api_tells_and_changes_them(browser, alice):
    def patch(**fields):
        return browser.patch("/api/me/preferences", json.dumps(fields), "application/json").json()

    everything = Preferences().as_dict() | {"time_zone": ""}
    assert browser.get("/api/me/preferences").json() == everything
    assert patch(density="compact", time_zone="Europe/Berlin") == everything | {
        "density": "compact",
        "time_zone": "Europe/Berlin",
    }
    assert patch(single_keys=False)["density"] == "compact"
    for wrong in ({"density": "huge"}, {"single_keys": 1}, {"single_keys": "on"}, {"language": None}, {"language": []}):
        assert patch(**wrong)["reason"] == "profile_invalid"
    assert patch(time_zone="Nowhere/Land")["reason"] == patch(time_zone=7)["reason"] == "time_zone_unknown"
    assert patch(shoe_size="42")["reason"] == "body_unknown_field"
    alice.refresh_from_db()
    assert alice.preferences == {"density": "compact", "single_keys": False}


def test_open_pages_hear_of_a_change(browser, alice, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(publisher, "submit", lambda group, payload: sent.append((group, payload)))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("settings_keys"), {})
    [(group, payload)] = sent
    assert str(alice.id) in group
    assert json.loads(payload["text"])["single_keys"] is False


def test_a_choice_of_another_version_counts_for_nothing(alice):
    alice.preferences = {"density": "roomy", "colour": "red", "time_format": "24"}
    assert preferences_of(alice) == Preferences(time_format="24")


def test_they_are_exported_and_erased(alice):
    accounts_preferences.save(alice, {"time_format": "12"})
    assert export_account(alice)["time_format"] == "12"
    erasure.anonymize(alice)
    alice.refresh_from_db()
    assert alice.preferences == {}


def test_rooms_are_muted_in_the_settings(browser, alice, lobby):
    membership.get_or_join(alice, "lobby")
    browser.post(reverse("settings_notifications"), {"room": "lobby", "muted": "on"})
    assert Membership.objects.get(user=alice, room=lobby).muted
    assert "Unmute" in browser.get(reverse("settings_notifications")).content.decode()


@pytest.mark.parametrize(
    "page",
    [
        *("settings", "settings_keys", "settings_notifications", "profile", "privacy", "status"),
        *("devices", "mfa_index", "tokens"),
    ],
)
def test_each_page_is_marked_in_the_list_of_settings(browser, page):
    html = browser.get(reverse(page)).content.decode()
    nav = html[html.index('<nav class="settings-nav"') :]
    assert nav[: nav.index("</nav>")].count('aria-current="page"') == 1


def test_who_signs_up_is_welcomed_in_rooms_until_they_dismiss_it(client, alice):
    form = {"username": "newcomer", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    assert client.post("/accounts/signup/", form).status_code == 302
    newcomer = User.objects.get(username="newcomer")
    room = membership.get_or_create_and_join(newcomer, "Lobby")
    assert "Welcome, newcomer!" in client.get(f"/chat/{room.name}/").content.decode()
    assert client.get("/settings/welcome/").status_code == 405
    answer = client.post("/settings/welcome/", {"room": room.name})
    assert answer["Location"] == f"/chat/{room.name}/"
    assert "Welcome, newcomer!" not in client.get(f"/chat/{room.name}/").content.decode()
    assert client.post("/settings/welcome/", {"room": "//example.org/"})["Location"] == "/chat/"
    assert not preferences_of(alice).welcome
