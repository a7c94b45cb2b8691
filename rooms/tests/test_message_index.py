"""The search index made, made anew and filled beside what is written, also by processes of the version before."""

import pytest
from django.db import connection

from rooms.models import Message, MessageState
from rooms.search import message_index
from rooms.search.message_index import build_index, fold_batch
from rooms.search.message_search import search
from rooms.services import bot_replies, membership, messages
from rooms.services.sql import save_room_heads
from rooms.text import search_terms

pytestmark = pytest.mark.django_db

ROWS = [
    "plain words",
    "Ёлка ждёт",
    "重启Redis服务器",
    "Cafe\u0301 Ärger",
    "ﬁne 👍 job",
    "हिन्दी में",
    "…",
    "more plain words",
]
FOUND = {"plain": 2, "елка": 1, "redis": 1, "服务": 1, "cafe": 1, "argEr": 1, "fine": 1, "👍": 1, "हिन्दी": 1, "हन": 0}

# As it was made before there was Message.search_text.
OLD_SQLITE = [
    "CREATE VIRTUAL TABLE message_words USING fts5"
    "(text, tags, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER message_words_new AFTER INSERT ON rooms_message BEGIN "
    "INSERT INTO message_words (rowid, text, tags) "
    "SELECT new.id, new.text, 'r' || new.room_id || ' u' || new.sender_id WHERE new.text <> ''; END",
]
OLD_POSTGRESQL = [
    "ALTER TABLE rooms_message ADD COLUMN words tsvector GENERATED ALWAYS AS "
    "(to_tsvector('simple'::regconfig, translate(text, '.,', '  '))) STORED",
    "CREATE INDEX message_words ON rooms_message USING gin (words)",
]


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: None)
    if connection.vendor == "postgresql":  # which changes no table while some constraints wait to be checked
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def lobby(alice):
    return membership.get_or_create_and_join(alice, "Lobby")


def count(user, words: str) -> int:
    return len(search(user.id, words, limit=100).hits)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def written_before(user, room, texts: list[str]) -> list[int]:
    """Ids of messages as a process writes them that knows nothing of folded words."""
    made = [
        Message(room=room, seq=1000 + n, first_seq=1000 + n, sender=user, text=text) for n, text in enumerate(texts)
    ]
    return [message.id for message in Message.objects.bulk_create(made)]


def drop_index() -> None:
    if connection.vendor == "sqlite":
        triggers = (f"DROP TRIGGER message_words_{event}" for event in ("new", "gone", "changed"))
        run(*triggers, "DROP TABLE message_words", "DROP INDEX message_unfolded", "DROP TABLE search_index_state")
    else:
        run(
            "DROP TRIGGER set_message_words ON rooms_message",
            "ALTER TABLE rooms_message DROP COLUMN words",
            "DROP INDEX message_unfolded",
            "DROP TABLE search_index_state",
        )


def assert_all_found(user) -> None:
    assert {words: count(user, words) for words in FOUND} == FOUND


@pytest.fixture
def of_the_version_before(alice, lobby):
    drop_index()
    run(*(OLD_SQLITE if connection.vendor == "sqlite" else OLD_POSTGRESQL))
    written_before(alice, lobby, ROWS)


def test_an_index_of_the_version_before_is_made_anew(alice, of_the_version_before):
    build_index("default")
    assert_all_found(alice)
    assert list(Message.objects.order_by("id").values_list("text", flat=True)) == ROWS
    build_index("default")
    assert_all_found(alice)


def test_an_index_is_made_where_there_is_none(alice, lobby):
    drop_index()
    written_before(alice, lobby, ROWS)
    build_index("default")
    assert_all_found(alice)


def test_who_is_ended_while_filling_it_goes_on_there(alice, lobby, of_the_version_before, monkeypatch):
    monkeypatch.setattr(message_index, "BATCH_SIZE", 3)
    fill, filled = message_index._fill, []

    def killed(using, cursor):
        if len(filled) == 2:
            raise KeyboardInterrupt
        filled.append(1)
        return fill(using, cursor)

    monkeypatch.setattr(message_index, "_fill", killed)
    with pytest.raises(KeyboardInterrupt):
        build_index("default")
    # Meanwhile people go on: new, changed and removed messages on both sides of where it stands.
    first, last = Message.objects.order_by("id").first(), Message.objects.order_by("id").last()
    messages.edit(alice, lobby.name, first.id, "plain wörds")
    messages.edit(alice, lobby.name, last.id, "more plain things")
    messages.post(alice, lobby.name, "plain: späte Nachricht")
    messages.delete(alice, lobby.name, Message.objects.get(text="हिन्दी में").id)
    monkeypatch.setattr(message_index, "_fill", fill)
    build_index("default")
    assert {words: count(alice, words) for words in ("plain", "words", "word", "spate", "हिन्दी", "redis")} == {
        "plain": 3, "words": 1, "word": 1, "spate": 1, "हिन्दी": 0, "redis": 1,
    }  # fmt: skip


def test_it_is_filled_anew_when_texts_fold_into_other_words(alice, lobby, monkeypatch):
    messages.post(alice, lobby.name, "Ärger")
    with monkeypatch.context() as another_version:
        another_version.setitem(search_terms._fold_table, ord("Ä"), "x")
        another_version.setattr(message_index, "VERSION", message_index.VERSION + 1)
        build_index("default")
        assert Message.objects.get().search_text == "xrger"
        assert count(alice, "xrger") == 1
    build_index("default")
    assert count(alice, "xrger") == 0 and count(alice, "ärger") == 1


def test_what_the_version_before_writes_is_folded_later(alice, lobby):
    """Processes of both versions run at the same time during an upgrade."""
    ids = written_before(alice, lobby, ROWS)
    assert count(alice, "plain") == 2
    while fold_batch():
        pass
    assert_all_found(alice)
    assert not fold_batch()
    Message.objects.filter(pk=ids[1]).update(text="Другая ёлочка", seq=2000)
    assert count(alice, "ждет") == 0  # what it said is no longer in the index, at once
    fold_batch()
    assert count(alice, "елочка") == 1


def test_what_the_version_before_deletes_is_gone(alice, lobby):
    id = messages.post(alice, lobby.name, "Ёлка ждёт").message_id
    Message.objects.filter(pk=id).update(text="", deleted=True)
    assert count(alice, "елка") == 0
    assert Message.objects.get(pk=id).search_text in (None, "")


def test_an_edit_into_the_same_words_is_still_found(alice, lobby):
    id = messages.post(alice, lobby.name, "καλημερα κοσμε").message_id
    for text in ("Καλημέρα κόσμε", "ΚΑΛΗΜΕΡΑ ΚΟΣΜΕ", "Καλημέρα, κόσμε!"):
        messages.edit(alice, lobby.name, id, text)
        assert count(alice, '"καλημέρα κόσμε"') == 1
        assert Message.objects.get(pk=id).search_text.strip() == "καλημερα κοσμε"


def test_deleting_leaves_no_words_in_the_row(alice, lobby):
    id = messages.post(alice, lobby.name, "Ёлка").message_id
    messages.delete(alice, lobby.name, id)
    assert Message.objects.get(pk=id).search_text is None


def test_a_reply_gets_its_words_when_it_is_finished(alice, bot_user, lobby):
    question = Message.objects.select_related("room").get(pk=messages.post(alice, lobby.name, "что?").message_id)
    reply = bot_replies.create_placeholder(question.room, bot_user, question)
    save_room_heads([question.room])
    bot_replies.update(reply.id, text="Ёлочка", state=MessageState.STREAMING)
    bot_replies.checkpoint({reply.id: "Ёлочка зелёная"})
    assert not fold_batch() and count(alice, "елочка") == 0
    bot_replies.update(reply.id, text="Ёлочка зелёная", state=MessageState.COMPLETE)
    assert count(alice, "елочка зеленая") == 1
    bot_replies.update(reply.id, state=MessageState.QUEUED)
    assert count(alice, "елочка") == 0
    bot_replies.update(reply.id, state=MessageState.STOPPED)
    assert count(alice, "елочка") == 1
