"""The pages as the server draws them: who sees what, what works without a script, and what the script begins with."""

import json
import re
import uuid

import pytest

from rooms.models import Membership, Message, Room
from rooms.services import direct_messages, membership, messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


def boot_of(response) -> dict:
    return json.loads(
        re.search(r'<script type="application/json" id="boot">(.*?)</script>', response.content.decode())[1]
    )


def messages_of(response) -> list[str]:
    return re.findall(
        r'<article class="message ([^"]*)" id="m(\d+)"', response.content.decode().split('id="message-template"')[0]
    )


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client):
    for path in ("/chat/", "/chat/lobby/", "/dm/bob/", "/search/", "/chat/lobby/about/"):
        assert client.get(path).headers["location"] == f"/accounts/login/?next={path}"
    assert not Room.objects.exists()


def test_the_front_door_leads_to_the_rooms(signed_in):
    assert signed_in.get("/").headers["location"] == "/chat/"


def test_the_lists_say_how_many_are_in_each_room(signed_in, alice, bob, monkeypatch):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_create_and_join(bob, "Kitchen")
    membership.get_or_create_and_join(bob, "Attic")
    monkeypatch.setattr("presence.sync_client.get_counts", lambda rooms: {"lobby": 3, "kitchen": 2, "attic": 0})
    shown = re.findall(
        r'<li data-room="(\w+)"[^>]*>(?:(?!</li>).)*<span class="people-here"( hidden)?\s*><span>(\d+)</span>',
        signed_in.get("/chat/").content.decode(),
        re.DOTALL,
    )
    assert set(shown) == {("lobby", "", "3"), ("kitchen", "", "2"), ("attic", " hidden", "0")}


@pytest.mark.parametrize("path", ["/chat/Café Döner/", "/chat/CAFE-DONER/"])
def test_a_room_opens_by_any_way_to_type_its_name(signed_in, alice, path):
    membership.get_or_create_and_join(alice, "Café Döner")
    assert signed_in.get(path).headers["location"] == "/chat/cafe-doner/"
    assert signed_in.get("/chat/cafe-doner/").status_code == 200


def test_the_field_opens_a_room_and_makes_a_private_one(signed_in, alice):
    assert signed_in.post("/chat/", {"title": "Tea & Cake"}).headers["location"] == "/chat/tea-cake/"
    address = signed_in.post("/chat/", {"title": "Plans", "private": "on"}).headers["location"]
    assert re.fullmatch(r"/chat/private--[0-9a-f]{26}/", address)
    assert signed_in.get(address).status_code == 200
    assert Membership.objects.filter(user=alice).count() == 2


@pytest.fixture
def little(settings):
    """A limit that is soon reached."""
    settings.RATE_MESSAGES, settings.RATE_SECONDS, settings.REDIS_PREFIX = 3, 3600, f"limits-{uuid.uuid4()}"


@pytest.mark.parametrize("way", ["field", "private", "direct"])
def test_new_rooms_count_towards_the_limit_and_old_ones_do_not(signed_in, make_user, little, way):
    names = [make_user(f"person{number}").username for number in range(4)]
    ways = {
        "field": lambda name: signed_in.post("/chat/", {"title": name}),
        "private": lambda name: signed_in.post("/chat/", {"title": name, "private": "on"}),
        "direct": lambda name: signed_in.post(f"/dm/{name}/", {"message": "hello"}),
    }
    made = [ways[way](name) for name in names[:3]]
    assert {answer.status_code for answer in made} <= {200, 302}
    refused = ways[way](names[3])
    assert refused.status_code == 429
    said = "You are sending messages too fast" if way == "direct" else "Too many new rooms in a short time. Wait 3"
    assert said in refused.content.decode()
    assert Room.objects.count() == 3
    if way == "field":
        assert [ways[way](name).status_code for name in names[:3] * 3] == [answer.status_code for answer in made] * 3


def test_a_refused_page_says_when_to_come_back(signed_in, bob, little):
    for number in range(4):
        membership.get_or_create_and_join(bob, f"room {number}")
    for number in range(3):
        assert signed_in.post(f"/chat/room-{number}/", {"do": "join"}).status_code == 302
    refused = signed_in.post("/chat/room-3/", {"do": "join"})
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert 'href="/chat/room-3/"' in refused.content.decode()


@pytest.mark.parametrize("title", ["", "   ", "👍", "x" * 81])
def test_an_impossible_name_is_said_at_the_field(signed_in, title):
    response = signed_in.post("/chat/", {"title": title})
    assert response.status_code == 400
    assert 'aria-describedby="new-title-error"' in response.content.decode()


@pytest.mark.parametrize("name", ["👍", "x" * 200, "..", "private--0000000000000000000000000a", "dm--1"])
def test_what_is_no_room_is_a_page_in_words(signed_in, name):
    response = signed_in.get(f"/chat/{name}/")
    assert response.status_code == 404
    assert "<h1>Page not found</h1>" in response.content.decode()


def test_a_private_room_and_a_direct_message_of_others_look_like_none(client, alice, bob, charlie):
    secret = membership.create_room(alice, "Secret", "private")
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    client.force_login(charlie)
    missing = client.get("/chat/private--0000000000000000000000000a/").content
    for room in (secret, direct):
        assert client.get(f"/chat/{room.name}/").content == missing
        assert client.get(f"/chat/{room.name}/about/").status_code == 404
        assert client.post(f"/chat/{room.name}/", {"message": "hi"}).status_code == 404
    assert not Message.objects.exists()


def test_a_direct_message_is_under_the_name_of_the_other(signed_in, alice, bob):
    direct_messages.get_or_create_direct_message(alice, "bob")
    response = signed_in.get("/dm/bob/")
    room = boot_of(response)["room"]
    assert (room["kind"], room["with"]["name"]) == ("direct", "bob")
    assert signed_in.get("/dm/BOB/").headers["location"] == "/dm/bob/"
    assert signed_in.get(f"/chat/{room['name']}/").headers["location"] == "/dm/bob/"
    assert signed_in.get("/dm/?username=@bob").headers["location"] == "/dm/bob/"
    for nobody in ("alice", "nobody"):
        assert signed_in.get(f"/dm/{nobody}/").status_code == 404


def test_the_script_begins_with_what_the_page_shows(signed_in, alice, bob):
    membership.get_or_create_and_join(alice, "lobby")
    for number in range(60):
        messages.post(bob, "lobby", f"message {number}")
    response = signed_in.get("/chat/lobby/")
    boot = boot_of(response)
    assert [int(id) for _, id in messages_of(response)] == [message["id"] for message in boot["messages"]]
    assert len(boot["messages"]) == 50
    assert boot["more"] is True
    assert boot["seq"] == 60
    assert boot["messages"][-1]["message"] == "message 59"
    assert "html" not in boot["messages"][-1]
    older = signed_in.get("/chat/lobby/", {"before": boot["messages"][0]["id"]})
    assert [message["message"] for message in boot_of(older)["messages"]] == [
        f"message {number}" for number in range(10)
    ]


def test_grouping_and_the_line_above_what_is_new(signed_in, alice, bob):
    room = membership.get_or_create_and_join(alice, "lobby")
    for user, text in ((alice, "a"), (alice, "b"), (bob, "c"), (bob, "d"), (bob, "@alice e")):
        messages.post(user, "lobby", text)
    Membership.objects.filter(room=room, user=alice).update(read_seq=3)
    response = signed_in.get("/chat/lobby/")
    classes = [classes for classes, _ in messages_of(response)]
    assert classes == ["mine", "follows mine", "", "", "follows for-me"]
    assert boot_of(response)["newId"] == boot_of(response)["messages"][3]["id"]
    assert response.content.decode().count('class="new-line"') == 2  # the line, and the script's template of it


def test_a_picture_of_a_message_is_never_out_of_date(signed_in, alice, bob):
    membership.get_or_create_and_join(alice, "lobby")
    first = messages.post(alice, "lobby", "the riddle").message_id
    answer = messages.post(bob, "lobby", "an answer", reply_to=first).message_id
    assert signed_in.get("/chat/lobby/").content.decode().count("the riddle") == 4  # text and quote; page and data
    messages.edit(bob, "lobby", answer, "a better answer")
    messages.react(alice, "lobby", answer, "👍")
    page = signed_in.get("/chat/lobby/").content.decode()
    assert "a better answer" in page
    assert 'data-emoji="👍"' in page
    messages.delete(alice, "lobby", first)  # gives the answer no new number
    assert "the riddle" not in signed_in.get("/chat/lobby/").content.decode()


def test_data_cannot_end_the_script_it_stands_in(signed_in, alice):
    membership.get_or_create_and_join(alice, "</script><b>")
    messages.post(alice, "script-b", "</script><script>alert(1)</script> <!-- &")
    response = signed_in.get("/chat/script-b/")
    assert boot_of(response)["messages"][0]["message"] == "</script><script>alert(1)</script> <!-- &"
    assert boot_of(response)["room"]["title"] == "</script><b>"
    assert "alert(1)</script>" not in response.content.decode().replace("&lt;", "<").split('id="boot"')[1]


def test_days_begin_where_the_reader_is(signed_in, alice):
    membership.get_or_create_and_join(alice, "lobby")
    message = messages.post(alice, "lobby", "late").message_id
    Message.objects.filter(pk=message).update(created="2026-03-01T23:30:00Z")
    assert 'datetime="2026-03-01"' in signed_in.get("/chat/lobby/").content.decode()
    signed_in.cookies["zone"] = "Asia/Tokyo"
    assert 'datetime="2026-03-02"' in signed_in.get("/chat/lobby/").content.decode()
    signed_in.cookies["zone"] = "../../etc/passwd"
    assert signed_in.get("/chat/lobby/").status_code == 200


def test_every_module_is_named_before_it_is_needed(signed_in, alice):
    from common.templatetags.modules import imports

    membership.get_or_create_and_join(alice, "Lobby")
    page = signed_in.get("/chat/lobby/").content.decode()
    assert len(imports("js/main.js")) > 20
    for path in imports("js/main.js"):
        assert f'<link rel="modulepreload" href="/static/{path}">' in page


def test_a_long_room_is_read_in_both_directions_without_a_script(signed_in, alice, bob):
    membership.get_or_create_and_join(alice, "lobby")
    ids = [messages.post(bob, "lobby", f"message {number}").message_id for number in range(120)]
    response = signed_in.get(f"/chat/lobby/?around={ids[40]}")
    assert str(ids[40]) in [id for _classes, id in messages_of(response)]
    assert (boot_of(response)["isNewest"], boot_of(response)["newestId"]) == (False, ids[-1])
    seen = set()
    while links := re.findall(r'href="(\?after=\d+)#older"', response.content.decode()):
        response = signed_in.get(f"/chat/lobby/{links[0]}")
        seen |= {int(id) for _classes, id in messages_of(response)}
    assert seen >= set(ids[90:]) and boot_of(response)["isNewest"] is True
    for number in ("nonsense", 2**63 - 1, 2**63):
        for name in ("before", "after", "around"):
            assert signed_in.get(f"/chat/lobby/?{name}={number}").status_code == 200
    assert signed_in.get(f"/chat/lobby/?after={2**62}").status_code == 200


def test_a_room_is_painted_when_all_of_it_is_there(signed_in, alice):
    """Messages stand at the bottom: painted in pieces, they would move (seen as a layout shift of 0.24)."""
    membership.get_or_create_and_join(alice, "den")
    page = signed_in.get("/chat/den/").content.decode()
    head, body = page.split("</head>")
    expected = re.search(r'<link rel="expect" href="#(\w+)" blocking="render">', head)[1]
    assert body.index(f'id="{expected}"') > max(body.index(f'id="{each}"') for each in ("log", "composer", "people"))
