"""What is deleted, and what an edit takes out, is gone: from what people see, from both databases and their files, from
Redis, and from the memory of the process."""

import gc
import time
from types import ModuleType

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from redis import Redis

from mysite import tidying
from rooms.kernel.signals import cache_cleanup_due
from rooms.services import messages
from rooms.tests.database_files import read_database_files
from rooms.web import render_cache

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ("aprahlekcyn"[::-1], "апрахльекин"[::-1])  # so that no code object, nor any other test, has them


def tables() -> str:
    """All that is in the database, as text."""
    found = []
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for table in (name for name in names if not name.startswith("message_words")):  # see the test of the files
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(str(cursor.fetchall()))
    return "".join(found)


def redis() -> str:
    """All that is in Redis: names, and values as they are stored."""
    with Redis.from_url(settings.REDIS_URLS[0]) as client:
        return str([(key, client.dump(key)) for key in client.scan_iter()])


def in_memory() -> list[tuple[type, str]]:
    """(Type of the holder, text) of each text with one of the words that an object of this process holds."""
    gc.collect()
    texts = ((type(holder), text) for holder in gc.get_objects() for text in texts_of(holder))
    return [(holder, text[:200]) for holder, text in texts if WORDS[0] in text or WORDS[1] in text]


def texts_of(holder):
    """Yield the texts that an object holds directly, or in containers that the garbage collector does not track.

    Modules are left out: their dictionaries are objects of their own, and to ask `_asyncio` for its referents corrupts
    its list of free iterators before Python 3.12.6 (python/cpython#122695).
    """
    if holder is WORDS or issubclass(type(holder), ModuleType):
        return
    for held in gc.get_referents(holder):
        if issubclass(type(held), str):
            yield held
        elif issubclass(type(held), bytes):
            yield held.decode(errors="replace")
        elif not gc.is_tracked(held):
            yield from texts_of(held)


PAGES = ("/chat/lobby/", "/search/?q=play", "/api/rooms/lobby/messages", "/api/search?q=play")


def see(user) -> str:
    """All that somebody is shown of the room."""
    client = Client()
    client.force_login(user)
    return "".join(client.get(page).content.decode() for page in PAGES)


def written_and_taken_back(web, alice, bob) -> None:
    """alice and bob say the words, quote them and see them; then they are deleted, or edited away."""
    with web.open(alice, "lobby") as hers, web.open(bob, "lobby") as his:
        his.wait("welcome")
        hers.send("send", message=f"I play the **{WORDS[0]}**, {WORDS[1]} in Russian")
        said = his.wait("message")["id"]
        hers.send("send", message=f"Or I play the {WORDS[0]}?")
        edited = his.wait("message")["id"]
        his.send("send", message="You play what?", reply_to=said)
        assert WORDS[0] in his.wait("message")["reply_to"]["excerpt"]
        assert see(bob).count(WORDS[0]) >= 8
        hers.send("delete", message_id=said)
        assert his.wait("message", id=said)["message"] == ""
        hers.send("edit", message_id=edited, message="Or I play the piano?")
        his.wait("message", id=edited)


def test_it_is_nowhere(web, alice, bob, lobby):
    written_and_taken_back(web, alice, bob)
    shown = see(bob)
    assert "piano" in shown and not any(word in shown for word in WORDS)
    with web.open(bob, "lobby", since=0) as resumed:
        resumed.wait("resumed")
        assert not any(word in str(resumed.seen) for word in WORDS)
    assert not any(word in tables() for word in WORDS)
    assert not any(word in redis() for word in WORDS)
    assert in_memory() == []


def test_a_page_that_nobody_looks_at_again_is_not_kept_for_long(web, alice, bob, lobby, monkeypatch):
    written_and_taken_back(web, alice, bob)
    render_cache.drop_unused(time.monotonic() + render_cache.MAX_IDLE - 60)
    assert {holder for holder, _text in in_memory()} == {render_cache.RenderedMessage}
    monkeypatch.setattr(render_cache, "MAX_IDLE", 0.0)
    cache_cleanup_due.send(sender=None)
    assert in_memory() == []


def test_it_leaves_the_files_of_sqlite(alice, lobby):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's VACUUM does it")
    for number in range(50):
        messages.post(alice, "lobby", f"filler {number} {WORDS[0][::-1]}")
    ids = [messages.post(alice, "lobby", f"{' '.join(WORDS)} {number}").message_id for number in range(3)]
    for number in range(50):
        messages.post(alice, "lobby", f"later {number}")
    stored = read_database_files()
    assert all(word.encode() in stored for word in WORDS)
    for id in ids[:2]:
        messages.delete(alice, "lobby", id)
    messages.edit(alice, "lobby", ids[2], "piano")
    tidying.purge_deleted_text.call()
    stored = read_database_files()
    assert not any(word.encode() in stored for word in (*WORDS, WORDS[0][2:]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT removed, purging FROM search_index_state")
        assert cursor.fetchone() == (0, 0)
        cursor.execute("SELECT count(*) FROM message_words WHERE message_words MATCH 'later'")
        assert cursor.fetchone() == (50,)
