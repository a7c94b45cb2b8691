"""Who is here, with two web processes and with hundreds of people; what is said when it is too many."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect
from redis import Redis

from mysite.paths import redis_socket

from .faults.world import inside
from .sockets import Sockets, wait_until
from .stack import Stack

MOST = 205
OVERLOADED = f"Server overloaded: more than {MOST} people are here. Replies may be slower."


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Instead of the one that all tests share: this one's Redis is emptied."""
    settings = {"WEB_WORKERS": 2, "BOT_WORKERS": 0, "OVERLOAD_ROOM_USERS": MOST}
    settings |= inside("never_felt")
    with Stack(tmp_path_factory.mktemp("crowd"), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def sockets(stack):
    with Sockets(stack, people=MOST, rooms=2) as sockets:
        yield sockets


# Long, and not marked so: it counts who is told, and while all processes begin at once, Redis is too busy to tell.
def test_a_crowd_is_told_in_few_words_and_so_is_an_overload(person, sockets):
    room, (watching, *others) = sockets.rooms[0], sockets.people
    alice, bob = person("alice"), person("bob", viewport={"width": 390, "height": 844})
    for one in (alice, bob):
        one.open(f"/chat/{room}/")
    for one in (alice, bob):
        expect(one.page.locator("#people-list .name")).to_have_text(["alice", "bob"])
    (watcher,) = sockets.open(watching, room=room)

    crowd = sockets.open(*others[:200], room=room)
    wait_until(lambda: names(others[:200]) <= watcher.online)
    check_told(watcher, "joined", others[:200])
    assert sum("joined" in frame for frame in watcher.frames) <= 100  # about 6 when nobody has to wait
    for one in (alice, bob):
        expect(one.page.locator("#people-count")).to_have_text("203")
        expect(banner(one)).to_be_hidden()

    crowd += sockets.open(*others[200:], room=room)
    for one in (alice, bob):
        expect(one.page.get_by_role("status").get_by_text(OVERLOADED, exact=True)).to_be_visible()
        # Whoever comes after the welcome is shown too: below, only the first of the crowd shall be.
        expect(one.page.locator("#people-count")).to_have_text(str(len(others) + 3))
    alice.page.get_by_role("button", name="Dismiss").click()
    expect(banner(alice)).to_be_hidden()
    alice.say("still heard")
    bob.sees("still heard")
    bob.page.reload()
    expect(banner(bob)).to_have_text(OVERLOADED)
    expect(bob.page.locator("#people-list .name")).to_have_count(50)
    bob.page.click("#open-people")
    bob.page.get_by_role("button", name=re.compile(r"^and \d+ more$")).click()
    expect(bob.page.locator("#people-list .name")).to_have_count(len(others) + 3)

    wait_until(lambda: names(others) <= watcher.online)
    watcher.told.clear()
    watcher.frames.clear()
    sockets.close(*crowd)
    for one in (alice, bob):  # half a minute lies between two changes
        expect(one.page.get_by_role("status").get_by_text("Load is back to normal.")).to_be_visible(timeout=60_000)
    for one in (alice, bob):
        expect(one.page.locator("#people-count")).to_have_text("3")
        expect(banner(one)).to_be_hidden()
    wait_until(lambda: not names(others) & watcher.online)
    check_told(watcher, "left", others)
    assert sum("left" in frame for frame in watcher.frames) <= 100


def test_a_redis_that_is_emptied_is_filled_again_without_a_word(person, stack, sockets, redis):
    room, (one, two, *_others) = sockets.rooms[1], sockets.people
    (watcher,) = sockets.open(one, room=room)
    tabs = sockets.open(two, two, two, two, room=room)  # on both web processes, if they do not all meet by chance
    alice, here = person("alice").open(f"/chat/{room}/"), {"alice", one["name"], two["name"]}
    wait_until(lambda: listed(stack, watcher, one) == watcher.online == here)
    watcher.told.clear()
    for client in (watcher, *tabs):
        client.frames.clear()

    redis.flushall()
    expect(alice.page.locator("#people-more")).to_have_text("This list may be out of date.")
    wait_until(lambda: listed(stack, watcher, one) == here, seconds=20)
    # Stale, then the whole list anew: all processes have brought what they know.
    wait_until(lambda: all(sum("online" in frame for frame in client.frames) >= 2 for client in (watcher, *tabs)))
    assert listed(stack, watcher, one) == watcher.online == here
    assert watcher.told == []
    expect(alice.page.locator("#people-more")).to_have_text("")
    expect(alice.page.locator("#people-list .name")).to_have_count(3)

    sockets.close(*tabs[:-1])
    sockets.close(tabs[-1])
    wait_until(lambda: watcher.told)
    assert watcher.told == [("left", two["name"])]


def test_a_direct_message_says_whether_the_other_one_is_here_away_typing_or_gone(person, room, redis):
    alice, bob = (person(name).open(f"/chat/{room}/") for name in ("alice", "bob"))  # whoever shares a room may know
    alice.open("/dm/bob/"), bob.open("/dm/alice/")
    status = alice.page.locator("#other-here")
    expect(status).to_have_text("here now")

    def has_done_nothing_for_five_minutes():
        # What bob's page did as it opened may be on its way to Redis still, so perhaps more than once.
        for user, since in redis.zrange("roundtable:presence:@active", 0, -1, withscores=True):
            redis.zadd("roundtable:presence:@active", {user: since - 301_000})
        alice.open("/dm/bob/")
        expect(status).not_to_have_text("")
        return status.inner_text() == "away"

    wait_until(has_done_nothing_for_five_minutes)
    bob.page.locator("#composer-text").press_sequentially("hm")
    expect(alice.page.locator("#typing")).to_have_text("bob is typing…")
    bob.page.close()
    expect(status).to_have_text(re.compile(r"last seen \d"))


def test_the_notice_names_the_cause_in_the_readers_language(person, room, redis):
    alice, charlie = person("alice").open(f"/chat/{room}/"), person("charlie", locale="de-DE").open(f"/chat/{room}/")
    now = redis.time()[0] * 1000
    redis.zadd("roundtable:presence:@server:causes", {"bot|a worker": now + 600_000})
    expect(banner(alice)).to_have_text("Server overloaded: many questions wait for the bot. Replies may be slower.")
    expect(banner(charlie)).to_have_text(re.compile("Server überlastet: Viele Fragen warten auf den Bot"))
    # While it lasts, nobody is told who types; the tests after this one share the server.
    redis.zrem("roundtable:presence:@server:causes", "bot|a worker")
    redis.delete("roundtable:presence:@server:judged")  # when it began: it would last for 30 s
    for one in (alice, charlie):
        expect(banner(one)).to_be_hidden()


@pytest.fixture
def redis(stack):
    with Redis(unix_socket_path=str(redis_socket(Path(stack.environment["DATA_DIR"])))) as redis:
        yield redis


def banner(one):
    return one.page.locator("#overload")


def names(people: list[dict]) -> set[str]:
    return {each["name"] for each in people}


def check_told(client, kind: str, people: list[dict]) -> None:
    """That a client was told of each once; or by the whole list, if Redis did not answer in time meanwhile (1 s)."""
    told = sorted(each for each in client.told if each[1] in names(people))
    all_of_them = sorted((kind, each["name"]) for each in people)
    if any("online" in frame for frame in client.frames):
        assert set(told) <= set(all_of_them) and len(told) == len(set(told))
    else:
        assert told == all_of_them


def listed(stack, client, reader) -> set[str]:
    """Whom the API names, to somebody in the client's room."""
    headers = {"Authorization": f"Bearer {reader['token']}"}
    request = urllib.request.Request(f"{stack.base_url}/api/rooms/{client.room}/online", headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return {person["name"] for person in json.load(answer)["online"]}
