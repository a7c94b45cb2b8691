"""What takes how much space: for staff, who may not learn the names of rooms that they may not enter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from files import usage
from files.incoming import IncomingFile
from rooms.queries.file_usage import make_report
from rooms.services import membership, uploads

pytestmark = pytest.mark.django_db


def send(person, room: str, name: str, size: int) -> None:
    incoming = IncomingFile(name)
    incoming.write(b"a" * size)
    incoming.finish()
    uploads.take_in(person, room, incoming)
    incoming.discard()


def test_it_names_the_largest_and_hides_what_is_private(
    admin_client, alice, bob, lobby, make_user, settings, monkeypatch
):
    settings.FILES_QUOTA_ROOM_MB = 10
    settings.FILES_QUOTA_PERSON_MB = 0
    secret = membership.create_room(bob, "Secret plans", kind="private")
    send(alice, "lobby", "a.txt", 2000)
    send(bob, "lobby", "b.txt", 2000)  # kept once
    send(bob, secret.name, "c.txt", 500)
    staff = make_user("root", is_staff=True)
    monkeypatch.setattr(usage, "_total", (-usage.KEPT_SECONDS, 0))  # what it was a moment ago
    with CaptureQueriesContext(connection) as asked:
        report = make_report(staff)
    assert len(asked) <= 8
    assert [(use.name, use.count, use.bytes) for use in report.rooms] == [("Lobby", 2, 4000), ("Other rooms", 1, 500)]
    assert report.rooms[0].limit == 10 * usage.MIB
    assert [(use.name, use.bytes, use.limit) for use in report.people] == [
        ("bob", 2500, None), ("alice", 2000, None), ("Others", 0, None),
    ]  # fmt: skip
    assert [(use.count, use.bytes) for use in report.kinds] == [(0, 0), (0, 0), (0, 0), (3, 4500)]
    assert (report.kept.bytes, report.sent.bytes) == (2500, 4500)
    page = admin_client.get("/admin/rooms/room/files/").content.decode()
    assert "Lobby" in page and "Secret plans" not in page and "Other rooms" in page
    assert "/admin/rooms/room/files/" in admin_client.get("/admin/rooms/room/").content.decode()


def test_staff_without_the_right_do_not_see_it(client, make_user):
    client.force_login(make_user("helper", is_staff=True))
    assert client.get("/admin/rooms/room/files/").status_code == 403
