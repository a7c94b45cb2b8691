"""The pages and the API of reports: one reports, moderators decide, and one sees what came of it."""

import pytest

from rooms.models import Membership, Message, Report
from rooms.services import membership, messages

from .api_client import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


@pytest.fixture
def insult(bob, charlie, lobby):
    """A message of bob in alice's room, where charlie is, too."""
    membership.get_or_join(charlie, "lobby")
    return Message.objects.get(pk=messages.post(bob, "lobby", "you fool").message_id)


def test_one_reports_by_a_form_and_sees_what_came_of_it(client, alice, charlie, insult):
    client.force_login(charlie)
    form = f"/chat/lobby/messages/{insult.pk}/report/"
    assert "you fool" in client.get(form).content.decode()
    page = client.post(form, {"reason": "spam", "words": "see"}, follow=True).content.decode()
    assert "Thank you. Moderators will look at your report." in page
    assert 'name="do"' not in page
    client.force_login(alice)
    page = client.get("/reports/").content.decode()
    assert "“see”" in page
    assert "reported by charlie" in page
    number = Report.objects.get().pk
    client.post("/reports/", {"report": number, "do": "take"})
    assert "alice is dealing with it" in client.get("/reports/").content.decode()
    page = client.post("/reports/", {"report": number, "do": "delete", "note": "rude"}, follow=True).content.decode()
    assert "The report is closed." in page
    assert "rude" in client.get("/reports/?decided=1").content.decode()
    client.force_login(charlie)
    page = client.get("/reports/").content.decode()
    assert "The message was deleted" in page
    assert "rude" not in page
    assert "alice" not in page.partition('id="own-reports"')[2]


def test_the_page_about_a_person_leads_to_the_form(client, alice, bob):
    client.force_login(alice)
    assert 'href="/people/bob/report/"' in client.get("/people/bob/").content.decode()
    assert 'href="/people/bob/report/"' in client.get("/people/bob/?card=1").content.decode()
    client.post("/people/bob/report/", {"reason": "spam"})
    assert Report.objects.get().person == bob
    assert client.post("/people/bob/report/", {"reason": "?"}).status_code == 400
    assert client.get("/people/alice/report/").status_code == 404


def test_the_api_reports_and_decides(alice, charlie, insult):
    mine, theirs = Api(charlie), Api(alice)
    made = mine.post(f"/api/rooms/lobby/messages/{insult.pk}/report", {"reason": "spam", "words": "see"})[1]
    assert (made["person"]["name"], made["room"], made["decision"]) == ("bob", "lobby", None)
    [listed] = theirs.get("/api/reports/queue")[1]["reports"]
    assert (listed["reporter"]["name"], [each["text"] for each in listed["evidence"]]) == ("charlie", ["you fool"])
    assert mine.get("/api/reports/queue")[1]["reports"] == []
    address = f"/api/reports/{made['id']}/decide"
    assert mine.post(address, {"do": "ban"})[0] == 404
    assert theirs.post(address, {"do": "take"})[1]["assignee"]["name"] == "alice"
    assert theirs.post(address, {"do": "sing"})[1]["reason"] == "unknown_decision"
    until = "2126-11-30T10:00:00Z"
    assert theirs.post(address, {"do": "ban", "reason": "rude", "until": until})[1]["decision"] == "ban"
    assert Membership.objects.get(banned=True).ban.reason == "rude"
    assert mine.get("/api/reports")[1]["reports"][0]["decision"] == "ban"
