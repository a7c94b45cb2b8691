"""Messages are found by their files: by names and words, by kinds, within the rights to read them."""

import pytest
from django.db import connection
from django.test import Client

from files.incoming import IncomingFile, Text
from files.tests.pictures import picture
from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Attachment, RoomKind
from rooms.search.message_search import search
from rooms.search.operators import Typed, read
from rooms.services import file_words, membership, messages, uploads
from rooms.services.file_changes import describe, remove
from rooms.services.file_words import index_others, parts_of, purge
from rooms.services.messages import delete
from rooms.web import file_text_views

from .operations import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited", "unpublished")]


@pytest.fixture
def send():
    """Sends files with these names and texts, page by page, to a room: the message's id."""
    kept = []

    def send(user, room, *files: tuple[str, tuple[str, ...] | bytes], text: str = "") -> int:
        keys = []
        for name, content in files:
            incoming = IncomingFile(name)
            kept.append(incoming)
            incoming.write(content if isinstance(content, bytes) else "\n".join([name, *content]).encode())
            incoming.finish()
            if not isinstance(content, bytes):
                incoming.text = Text(content, {"pages": len(content), "characters": 9, "cut": False, "beginning": ""})
            keys.append(uploads.take_in(user, room, incoming).key)
        return messages.post(user, room, text, files=keys).message_id

    yield send
    for each in kept:
        each.discard()


def found(user, typed: str, **wanted) -> list[int]:
    return [hit.message.id for hit in search(user.id, typed, **wanted).hits]


def count_rows(*messages: int) -> int:
    """Of these in the index."""
    number = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {number} FROM file_words")
        return sum(parts_of(id)[0] in messages for (id,) in cursor.fetchall())


def test_names_and_words_of_pages_find_the_message(alice, bob, lobby, send):
    report = send(alice, "lobby", ("Yearly_report.pdf", ("The harbour", "Größe der Boote")), text="as promised")
    other = send(bob, "lobby", ("boats.txt", ("harbour and quay",)), ("beach.png", picture()), text="yearly")
    assert found(alice, "harbour") == []
    run_all()
    assert found(alice, "harbour") == [other, report]
    assert (
        found(alice, "YEARLY rep") == found(alice, "grosse boote") == found(alice, '"report pdf" harbour') == [report]
    )
    assert found(alice, "harbour grosse") == found(alice, "has:document harbour boot") == [report]  # on two pages
    assert search(alice.id, "harbour grosse").hits[0].file.page == 2
    assert found(alice, '"harbour grosse"') == found(alice, "grosse quay") == found(alice, "has:image boote har") == []
    assert found(alice, "harbour grosse", before=report) == found(bob, "from:bob harbour grosse") == []
    assert found(alice, "yearly") == [other, report]  # in the text of the one, in the name of the other
    assert found(alice, "harbour", limit=1) == [other] and found(alice, "harbour", before=other) == [report]
    first, second = search(alice.id, "har").hits
    assert first.file.name == [("boats.txt", False)] and first.excerpt == [("harbour", True), (" and quay", False)]
    assert (second.file.page, second.file.key) == (1, Attachment.objects.get(message=report).key)
    assert search(alice.id, "yearly").hits[0].file is None
    assert search(alice.id, "yearly").hits[1].excerpt == [("as promised", False)]


def test_operators(alice, bob, lobby, send, say):
    say(alice, lobby, "no file, but a report")
    paper = send(alice, "lobby", ("report.pdf", ("The harbour",)))
    photo = send(bob, "lobby", ("report_photo.png", picture()), text="the report in a picture")
    run_all()
    assert found(alice, "has:file") == [photo, paper] and found(alice, "has:image") == [photo]
    assert found(alice, "has:document from:@alice") == found(alice, "filename:rep in:lobby harbour") == [paper]
    assert found(alice, "has:image report") == found(alice, "has:file picture") == [photo]
    assert found(alice, "filename:report") == [photo, paper] and found(alice, 'filename:"report photo"') == [photo]
    assert found(alice, "has:image has:document") == found(alice, "filename:harbour") == []
    assert found(alice, "has:image", sender="alice") == []
    with pytest.raises(ChatError):
        found(alice, "harbour in:nowhere")
    describe(bob, Attachment.objects.get(message=photo).key, "Boats at sunset")
    run_all()
    assert found(alice, "sunset") == [photo]


def test_how_operators_are_read():
    assert read('a Has:Image b has:file has:"image" from:@anna IN:kitchen in:hall') == Typed(
        "a b", ("image", "file"), (), "@anna", "hall"
    )
    assert [each.words for each in read('filename:"Year 2026" filename:pdf').names] == [("year", "2026"), ("pdf",)]
    assert read("has:time http://in:80 from: xhas:file") == Typed("has:time http://in:80 from: xhas:file")


def test_nothing_is_found_that_may_not_be_read_or_is_gone(alice, bob, lobby, send):
    secret = membership.create_room(alice, "Secret", RoomKind.PRIVATE).name
    hidden = send(alice, secret, ("canary.txt", ("canary", "far away")))
    shown, two = (
        send(alice, "lobby", ("a.txt", ("canary", "of all"))),
        send(alice, "lobby", ("b.txt", ("canary zanzibar",)), text="x"),
    )
    run_all()
    assert found(alice, "canary") == found(alice, "has:file") == [two, shown, hidden]
    assert found(bob, "canary") == found(bob, "has:file") == [two, shown]
    assert found(alice, "canary all") == found(bob, "canary all") == [shown] and found(bob, "far canary") == []
    assert found(bob, "filename:canary") == []
    delete(alice, "lobby", shown)
    remove(alice, Attachment.objects.get(message=two).key)
    assert found(bob, "canary") == found(bob, "has:file") == []
    assert (count_rows(shown, two), count_rows(hidden)) == (0, 3)  # no word of them stays
    run_all()
    assert (count_rows(shown, two), count_rows(hidden)) == (0, 3)
    for _each in range(20):
        if not purge():
            break
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM file_words_data WHERE instr(block, CAST('zanzibar' AS BLOB))")
            assert cursor.fetchone() == (0,) and not purge()


def test_what_an_older_version_sent_is_indexed_later_and_anew_when_words_fold_otherwise(alice, lobby, send):
    sent = send(alice, "lobby", ("old.txt", ("harbour",)))
    assert found(alice, "harbour") == []
    index_others.call()
    index_others.call()
    assert found(alice, "harbour") == [sent] and count_rows(sent) == 2
    file_words.build("default", anew=True)
    assert not Attachment.objects.get().indexed
    index_others.call()
    assert found(alice, "harbour") == [sent] and count_rows(sent) == 2
    assert parts_of(file_words.id_of(5, 9, 500)) == (5, 9, 500)


def test_a_document_is_read_on_a_page(alice, bob, lobby, send, monkeypatch):
    secret = membership.create_room(alice, "Secret", RoomKind.PRIVATE).name
    send(alice, secret, ("a.txt", ("The <i>one</i>", "the other")), ("b.png", picture()))
    text, drawn = (f"/files/{key}/text/" for key in Attachment.objects.order_by("pk").values_list("key", flat=True))
    hers, his = signed_in(alice), signed_in(bob)
    page = hers.get(text).content.decode()
    assert "The &lt;i&gt;one" in page and "the other</pre>" in page and "Further pages" not in page
    monkeypatch.setattr(file_text_views, "SHOWN", 1)
    first, second = (hers.get(text, {"page": number}).content.decode() for number in (0, 9))
    assert "the other<" not in first and "?page=2" in first and "&lt;i&gt;one" not in second and "?page=1" in second
    assert his.get(text).status_code == hers.get(drawn).status_code == his.get("/files/x/text/").status_code == 404


def test_the_page_and_the_api_show_where_it_is(alice, lobby, send):
    sent = send(alice, "lobby", ("<b>report.pdf", ("The <i>harbour</i> of our town",)))
    run_all()
    client = Client()
    client.force_login(alice)
    page = client.get("/search/", {"q": "harbour filename:report"}).content.decode()
    assert "report</mark>" in page and "harbour</mark>" in page and "The &lt;i&gt;" in page
    assert f"around={sent}#m{sent}" in page
    [hit] = client.get("/api/search", {"q": "harbour"}).json()["hits"]
    assert hit["file"] == {"id": Attachment.objects.get().key, "name": [["_b_report.pdf", False]], "page": 1}
    assert ["harbour", True] in hit["excerpt"] and hit["message"]["id"] == sent
