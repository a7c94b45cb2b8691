"""What staff see of the audit log, and everybody of what concerns them."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Token, User
from accounts.scopes import Scope
from audit.models import Entry
from rooms.models import RoomKind
from rooms.services import archiving, direct_messages, membership, moderation
from rooms.tests.operations import signed_in

pytestmark = pytest.mark.django_db
_DENIED = [("/server/audit/", 404), ("/server/audit/export/", 404), ("/api/audit", 403)]


@pytest.fixture
def people(make_user) -> dict[str, User]:
    return {name: make_user(name, is_staff=name == "sam") for name in ("ann", "ben", "sam")}


@pytest.fixture
def acts(people):
    """A ban in a public room of Ann's, and one in a private room."""
    for title, kind in (("Garden", RoomKind.PUBLIC), ("Secret plans", RoomKind.PRIVATE)):
        room = membership.create_room(people["ann"], title, kind)
        membership.add_member(room, people["ben"])
        moderation.remove(people["ann"], room.name, people["ben"].pk, ban=True)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_read_what_was_done_without_titles_of_private_rooms(people, acts):
    shown = page(signed_in(people["sam"]), "/server/audit/")
    assert "banned @ben from #Garden" in shown
    assert "banned @ben from a private room" in shown
    assert "Secret plans" not in shown


@pytest.mark.parametrize(
    ("address", "status"), [("/server/audit/", 404), ("/server/audit/export/", 404), ("/api/audit", 403)]
)
def test_nobody_else_reads_it(people, acts, address, status):
    answer = signed_in(people["ann"]).get(address)
    assert answer.status_code == status
    assert "garden" not in answer.content.decode().lower()


def test_the_filter_narrows_it(people, acts):
    client = signed_in(people["sam"])
    Token.issue(people["ben"], "script")
    assert "token" in page(client, "/server/audit/?area=account")
    assert "banned @" not in page(client, "/server/audit/?area=account")
    assert "#Garden" in page(client, "/server/audit/?room=garden")
    assert "a private room" not in page(client, "/server/audit/?room=Garden")
    assert "banned" in page(client, "/server/audit/?who=@BEN")
    assert "@ben" not in page(client, "/server/audit/?who=sam").partition("audit-lines")[2]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "There are no entries" in page(client, f"/server/audit/?since={tomorrow}")
    assert "banned" in page(client, f"/server/audit/?since={tomorrow - timedelta(days=2)}&until={tomorrow}")


@pytest.mark.parametrize("query", ["who=nobody", "room=nowhere", "since=yesterday", "area=all"])
def test_what_cannot_be_asked_is_said(people, acts, query):
    shown = page(signed_in(people["sam"]), f"/server/audit/?{query}")
    assert 'class="error"' in shown
    assert "banned @" not in shown


def test_older_entries_are_on_the_next_pages(people):
    for _number in range(120):
        Entry.objects.create(act="account.codes_made", actor=people["ben"].pk, person=people["ben"].pk)
    client, seen, address = signed_in(people["sam"]), [], "/server/audit/?who=ben"
    while address:
        shown = page(client, address)
        seen += re.findall(r"recovery codes for @ben", shown)
        older = re.search(r'href="(\?who=ben&amp;before=\d+)"', shown)
        address = older and "/server/audit/" + older[1].replace("&amp;", "&")
    assert len(seen) == 120


def test_everybody_reads_what_concerns_them(people, acts):
    membership.create_room(people["ben"], "Attic")
    archiving.archive(people["ben"], "attic")
    shown = page(signed_in(people["ben"]), "/settings/activity/")
    assert shown.count("banned @ben") == 2
    assert "archived #Attic" in shown
    shown = page(signed_in(people["sam"]), "/settings/activity/")
    assert "changed the role of @sam" in shown
    assert "@ben" not in shown


def test_the_table_has_the_same_entries_and_no_formulas(people, acts):
    answer = signed_in(people["sam"]).get("/server/audit/export/?room=garden")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, row = csv.reader(io.StringIO(answer.content.decode()))
    assert row[2:] == ["room.person_banned", "'@ann", "'@ben", "#Garden", "banned @ben from #Garden"]
    assert len(head) == len(row)


def test_programs_read_it_in_order(people, acts):
    _token, secret = Token.issue(people["sam"], "keeper", Scope.READ)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().get("/api/audit", headers=headers).json()
    acts = [each["act"] for each in answer["entries"]]
    assert acts == ["account.role_changed", "room.person_banned", "room.person_banned", "account.token_made"]
    first = answer["entries"][1]
    assert (first["actor"], first["person"], first["params"]) == (people["ann"].pk, people["ben"].pk, {})
    assert answer["more"] is False
    rest = Client().get(f"/api/audit?after={first['id']}", headers=headers).json()
    assert rest["entries"] == answer["entries"][2:]


def test_an_act_of_a_later_version_is_shown_by_its_name(people):
    Entry.objects.create(act="room.polished", actor=people["ann"].pk, room=10**9, params={"with": "wax"})
    assert "room.polished" in page(signed_in(people["sam"]), "/server/audit/")


def test_rooms_and_people_that_are_gone_have_no_name(people):
    room = direct_messages.get_or_create_direct_message(people["ann"], "ben")
    for room_id in (room.pk, 10**9):
        Entry.objects.create(act="room.archived", actor=10**9, room=room_id)
    shown = page(signed_in(people["sam"]), "/server/audit/")
    assert "a deleted account" in shown
    assert "archived a direct message" in shown
    assert "archived a deleted room" in shown
