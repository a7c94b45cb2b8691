"""The pages and the API of the server's settings."""

import re

import pytest
from django.test import Client

from accounts.models import Token
from accounts.rights import ServerAction, may_on_server
from accounts.scopes import Scope
from accounts.security import second_factor
from accounts.token_changes import max_days
from audit.models import Entry
from conftest import confirm
from rooms.tests.operations import signed_in
from site_settings import current
from site_settings.models import StoredSetting

pytestmark = pytest.mark.django_db
PAGE = "/server/settings/files/"


@pytest.fixture
def sam(make_user):
    return make_user("sam", is_staff=True)


@pytest.fixture
def browser(sam) -> Client:
    client = signed_in(sam)
    confirm(client)
    return client


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def fields_of(answer) -> dict[str, str]:
    """What the form of a page sends when nothing is changed in it."""
    html = answer.content.decode()
    inputs = re.findall(r"<input[^>]*>", html)
    found = [(re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
    return {name[1]: value[1] for name, value in found if name and value and name[1] != "csrfmiddlewaretoken"}


def test_all_are_shown_with_where_they_come_from(browser, sam, settings):
    settings.SET_IN_ENVIRONMENT = frozenset({"OPEN_SIGNUP"})
    StoredSetting.objects.create(name="MAX_UPLOAD_MB", value=3, version=1, changed_by=sam.pk)
    shown = text_of(browser.get("/server/settings/"))
    assert "Anyone may sign up On Decided by the environment: OPEN_SIGNUP" in shown
    assert "Largest file, in MB 3 Set here by sam on" in shown
    assert "Days in which a deleted room can be restored 30 Default" in shown


def test_one_is_changed_and_reset(browser, sam, django_capture_on_commit_callbacks):
    fields = fields_of(browser.get(PAGE))
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(PAGE, fields | {"MAX_UPLOAD_MB": "3"}, follow=True)
    assert "Saved. It counts at once." in text_of(answer)
    assert "Reset “Largest file, in MB”" in answer.content.decode()
    assert current.number("MAX_UPLOAD_MB") == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert "The default counts again." in text_of(browser.post(PAGE, {"reset": "MAX_UPLOAD_MB"}, follow=True))
    assert current.number("MAX_UPLOAD_MB") == 50
    of_settings = Entry.objects.filter(act__startswith="setting.").order_by("pk")
    assert list(of_settings.values_list("act", "actor")) == [("setting.changed", sam.pk), ("setting.reset", sam.pk)]


def test_a_form_that_is_sent_as_it_was_changes_nothing(browser):
    fields = fields_of(browser.get(PAGE))
    assert "Nothing was changed." in text_of(browser.post(PAGE, fields, follow=True))
    assert not StoredSetting.objects.exclude(value=None).exists()


def test_a_wrong_value_is_said_at_its_field(browser):
    answer = browser.post(PAGE, fields_of(browser.get(PAGE)) | {"MAX_UPLOAD_MB": "0"})
    assert answer.status_code == 400
    assert "Ensure this value is greater than or equal to 1." in text_of(answer)


def test_who_changes_what_somebody_else_has_changed_is_told(browser):
    fields = fields_of(browser.get(PAGE))
    browser.post(PAGE, fields | {"MAX_UPLOAD_MB": "3"})
    answer = browser.post(PAGE, fields | {"MAX_UPLOAD_MB": "4"})
    assert answer.status_code == 400
    assert "Somebody else has changed this meanwhile, to “3”." in text_of(answer)


def test_the_environment_is_named_and_cannot_be_overruled(browser, settings):
    settings.SET_IN_ENVIRONMENT = frozenset({"MAX_UPLOAD_MB"})
    shown = browser.get(PAGE)
    assert 'name="MAX_UPLOAD_MB"' not in shown.content.decode() and "MAX_UPLOAD_MB" in text_of(shown)
    browser.post(PAGE, {"MAX_UPLOAD_MB": "3"})
    answer = browser.post(PAGE, {"reset": "MAX_UPLOAD_MB"}, follow=True)
    assert "The environment decides this: MAX_UPLOAD_MB." in text_of(answer)
    assert not StoredSetting.objects.exists()


def test_the_password_is_asked_for_and_what_was_typed_is_not_kept(sam):
    client = signed_in(sam)
    assert client.get(PAGE).url.startswith("/accounts/reauthenticate/")
    assert client.post(PAGE, {"MAX_UPLOAD_MB": "31415"}).url == PAGE
    assert "31415" not in str(dict(client.session))
    assert not StoredSetting.objects.exists()


def test_the_name_of_the_server_is_on_every_page(browser):
    current.replace(current.Snapshot({"SERVER_NAME": "Tea & Cake"}))
    assert "· Tea &amp; Cake</title>" in browser.get("/chat/").content.decode()
    assert browser.get("/manifest.webmanifest").json()["name"] == "Tea & Cake"


def test_pages_take_no_query_for_them(browser, django_assert_max_num_queries):
    browser.get("/chat/")
    current.replace(current.Snapshot({"SERVER_NAME": "Tea", "OPEN_SIGNUP": False}))
    with django_assert_max_num_queries(100) as captured:
        browser.get("/chat/")
    assert not [each["sql"] for each in captured.captured_queries if "site_settings" in each["sql"]]


def call(user, method: str = "GET", scope: Scope = Scope.FULL, **values):
    secret = Token.issue(user, "t", scope=scope)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    body = {"data": values, "content_type": "application/json"} if method != "GET" else {}
    return getattr(Client(), method.lower())("/api/server/settings", headers=headers, **body)


def test_a_program_of_staff_reads_and_changes_them(sam, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = call(sam, "PATCH", MAX_UPLOAD_MB=3, OPEN_SIGNUP=False).json()
    [one] = [each for each in answer["settings"] if each["name"] == "MAX_UPLOAD_MB"]
    assert (one["value"], one["source"], one["by"]) == (3, "here", sam.pk)
    assert answer == call(sam).json()
    assert (current.number("MAX_UPLOAD_MB"), current.flag("OPEN_SIGNUP")) == (3, False)
    assert call(sam, "PATCH", MAX_UPLOAD_MB=None).status_code == 200


def test_what_a_program_may_not(sam, alice):
    assert call(sam, "PATCH", MAX_UPLOAD_MB="3").json()["reason"] == "setting_refused"
    assert call(sam, "PATCH", NO_SUCH=3).status_code == 400
    assert call(sam, "PATCH", Scope.WRITE, MAX_UPLOAD_MB=3).status_code == 403
    assert call(alice, "PATCH", MAX_UPLOAD_MB=3).json()["reason"] == "not_staff"
    assert call(alice).json()["reason"] == "not_staff"
    by_session = signed_in(sam).patch("/api/server/settings", {"MAX_UPLOAD_MB": 3}, "application/json")
    assert by_session.json()["reason"] == "setting_needs_token"
    assert not StoredSetting.objects.exclude(value=None).exists()


def test_what_was_set_here_decides(browser, make_user, django_capture_on_commit_callbacks):
    """One of each kind, where the server uses it."""
    member = make_user("mia")
    assert may_on_server(member, ServerAction.CREATE_ROOMS)
    assert not second_factor.covers(member)
    assert max_days() == 365
    for group, values in {
        "rooms": {"ROOM_CREATORS": "moderators"},
        "security": {"SECOND_FACTOR": "all", "TOKEN_MAX_DAYS": "7"},
    }.items():
        page = f"/server/settings/{group}/"
        fields = fields_of(browser.get(page)) | {"SECOND_FACTOR": "nobody"} | values
        with django_capture_on_commit_callbacks(execute=True):
            assert "Saved. It counts at once." in text_of(browser.post(page, fields, follow=True))
    assert not may_on_server(member, ServerAction.CREATE_ROOMS)
    assert second_factor.covers(member)
    assert max_days() == 7


def test_a_step_of_the_setup_leads_back_there(browser):
    page = PAGE + "?from=setup"
    answer = browser.get(page)
    assert "Back to the setup" in text_of(answer)
    assert browser.post(page, fields_of(answer) | {"MAX_UPLOAD_MB": "3"}).url == "/setup/"
    assert browser.post(page, fields_of(browser.get(page)) | {"MAX_UPLOAD_MB": "0"}).status_code == 400
