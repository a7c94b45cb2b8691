"""The list of a room's files: the latest first, by kind, a page at a time, and nothing of what is gone or blocked."""

import pytest

from files.models import Blob
from rooms.models import Attachment
from rooms.queries import room_files
from rooms.services import file_words, messages
from rooms.services.posting import Post, post_many

pytestmark = pytest.mark.django_db


def sent(user, room, *names: str, type: str = "text/plain") -> int:
    """The id of a message with files of these names."""
    rows = []
    for name in names:
        blob = Blob.objects.create(digest=f"{name}-{Blob.objects.count()}".ljust(64, "0"), size=3, type=type)
        rows.append(Attachment.objects.create(room=room, uploader=user, name=name, blob=blob))
    [outcome] = post_many([Post(user, room.id, "", None, files=[row.key for row in rows])])
    return outcome.message_id


def names(room, kind: str = "", **options) -> list[str]:
    return [each.name for each in room_files.page(room, kind, **options).files]


def test_the_latest_come_first_and_by_kind(alice, lobby):
    sent(alice, lobby, "a.txt")
    sent(alice, lobby, "b.png", type="image/png")
    assert names(lobby) == ["b.png", "a.txt"]
    assert names(lobby, "image") == ["b.png"]
    assert names(lobby, "document") == ["a.txt"]


def test_what_was_not_sent_or_was_deleted_is_not_there(alice, lobby):
    id = sent(alice, lobby, "a.txt")
    blob = Blob.objects.create(digest="x" * 64, size=1, type="text/plain")
    Attachment.objects.create(room=lobby, uploader=alice, name="waits.txt", blob=blob)
    assert names(lobby) == ["a.txt"]
    messages.delete(alice, lobby.name, id)
    assert names(lobby) == []


def test_pages_and_blocked_people(alice, bob, lobby):
    first = sent(alice, lobby, *"12345678")
    sent(bob, lobby, *"abc")
    page = room_files.page(lobby, limit=10)
    assert [each.name for each in page.files] == [*"abc"] and page.more  # a message is not torn apart
    assert names(lobby, before=page.files[-1].message_id) == [*"12345678"]
    assert names(lobby, without=[bob.id]) == [*"12345678"]
    assert names(lobby, before=first) == []


def test_the_page_says_what_who_and_when(client, alice, lobby):
    sent(alice, lobby, "plan.pdf")
    client.force_login(alice)
    page = client.get(f"/chat/{lobby.name}/files/", headers={"X-Panel": "yes"}).content.decode()
    assert "plan.pdf" in page and "· alice ·" in page
    assert client.get(f"/chat/{lobby.name}/files/?kind=nonsense&before=x").status_code == 200
    assert "No files" in client.get(f"/chat/{lobby.name}/files/?kind=image").content.decode()


def test_words_find_files_on_the_page(client, alice, bob, lobby):
    for id in (sent(alice, lobby, "plan.pdf", "boat_plan.png"), sent(bob, lobby, "boat.txt")):
        file_words.index_files_of.call(id)
    client.force_login(alice)

    def found(query: str) -> set[str]:
        page = client.get(f"/chat/{lobby.name}/files/?{query}").content.decode()
        return {name for name in ("plan.pdf", "boat_plan.png", "boat.txt") if f">{name}</span>" in page}

    assert found("q=PLAN") == {"plan.pdf", "boat_plan.png"}
    assert found("q=boat") == {"boat_plan.png", "boat.txt"} and found("q=plan+boat") == {"boat_plan.png"}
    assert found("q=boat+from:bob+in:elsewhere") == {"boat.txt"}
    assert found("q=ship") == found("q=boat&kind=image") == set()
    assert "No files found" in client.get(f"/chat/{lobby.name}/files/?q=ship").content.decode()
