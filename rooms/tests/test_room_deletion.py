"""A room is deleted: it is there for nobody at once, can be restored for a while, and then goes for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bot.models import Bot, Run
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Message, Notification, Role, Room, RoomKey, RoomKind
from rooms.privacy import erasure
from rooms.privacy.personal_data import iter_sections
from rooms.queries import inbox, own_rooms, unread_counts
from rooms.realtime.authentication import Credentials, authenticate_many, recheck
from rooms.search.directory import find_rooms
from rooms.search.message_search import search
from rooms.services import (
    archiving,
    direct_messages,
    invitation_links,
    membership,
    messages,
    moderation,
    personal_invitations,
)
from rooms.services.deletion import delete, delete_for_good_batch, find_deleted, restore

from .live import cookie

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def refused(*args) -> str:
    with pytest.raises(ChatError) as caught:
        delete(*args)
    return caught.value.reason


def wait_over(room) -> None:
    Room.objects.filter(pk=room.pk).update(deleted=timezone.now() - timedelta(days=31))


# --- who may ---


def test_the_owner_and_staff_delete_and_nobody_else(alice, bob, charlie, open_plans, make_user):
    moderation.appoint(alice, "plans", bob.id, Role.MODERATOR)
    for user in (bob, charlie):
        assert refused(user, "plans") == "cannot_delete_room"
    delete(make_user("root", is_staff=True), "plans")
    assert refused(alice, "plans") == "no_such_room"


def test_neither_the_lobby_nor_direct_messages(alice, lobby):
    assert refused(alice, "lobby") == "lobby_stays"
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert refused(alice, direct.name) == "direct_stays"


# --- what it means ---


def test_it_is_there_for_nobody(client, alice, bob, charlie, open_plans):
    said = messages.post(alice, "plans", "The marmalade recipe for @bob")
    personal_invitations.invite(alice, "plans", "charlie")
    assert Notification.objects.filter(user=bob).exists()
    delete(alice, "plans")
    for user in (alice, bob, charlie):
        assert find_rooms(user, "plan", 20)[0] == []
        assert search(user.id, "marmalade").hits == []
        assert inbox.page(user.id).entries == [] and inbox.unread_counts([user.id]) == {user.id: 0}
        assert own_rooms.room_ids_of([user.id]) == {user.id: set()}
        assert list(own_rooms.rooms_of(user.id)) == own_rooms.first_rooms_of(user.id, 10, 10) == []
        assert unread_counts.unread_of([user.id], [open_plans.pk]) == []
        assert personal_invitations.pending_for(user.id) == []
        with pytest.raises(ChatError):
            messages.post(user, "plans", "Hello?")
        client.force_login(user)
        for address in ("/chat/plans/", "/chat/plans/about/", "/api/rooms/plans", "/api/rooms/plans/messages",
                        "/api/rooms/plans/online", f"/chat/plans/?around={said.message_id}"):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 404 and "marmalade" not in answer.content.decode(), address
        for address in ("/chat/", "/unread/", "/inbox/", "/people/alice/"):
            assert "/chat/plans" not in client.get(address).content.decode(), address
    assert Message.objects.filter(pk=said.message_id).exists()


def test_links_into_it_and_edits_of_its_messages_are_refused(client, alice, charlie):
    open_plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    said = messages.post(alice, open_plans.name, "hello")
    _link, secret = invitation_links.create_link(alice, open_plans.name, 7, None)
    delete(alice, open_plans.name)
    client.force_login(charlie)
    assert client.get(f"/chat/invite/{secret}/").status_code == 404
    with pytest.raises(ChatError):
        messages.edit(alice, open_plans.name, said.message_id, "changed")


def test_its_address_stays_taken(alice, bob, open_plans):
    delete(alice, "plans")
    second = membership.create_room(bob, "Plans")
    assert (second.name, second.title) == ("plans-2", "Plans")
    assert restore(alice, "plans").title == "Plans (2)"
    assert RoomKey.objects.filter(room=open_plans, key="plans (2)").exists() or find_rooms(alice, "Plans (2)", 5)[0]


def test_replies_that_bots_write_there_end(alice, open_plans, model):
    messages.post(alice, "plans", "@bot what is tea?")
    run = Run.objects.get()
    delete(alice, "plans")
    run.refresh_from_db()
    assert run.state == "stopped"
    assert not Message.objects.unfinished().exists()


def test_a_socket_let_in_a_moment_before_is_found_by_the_second_look(alice, open_plans):
    way = ("session", cookie(alice).partition("=")[2])
    [(user, room)] = authenticate_many([Credentials(way, "plans")])
    delete(alice, "plans")
    [refusal] = recheck([(way, user, room)])
    assert refusal.reason == "not_in_room"


def test_open_sockets_close_and_say_why(web, alice, bob, open_plans):
    kitchen = membership.get_or_create_and_join(alice, "Kitchen")
    with web.open_page(alice) as page, web.open(bob, "plans") as socket, web.open(bob, kitchen.name) as other:
        socket.wait("welcome"), other.wait("welcome")
        for room in ("plans", kitchen.name):
            page.subscribe(room)
        delete(alice, "plans")
        assert socket.closed() == (4004, "reason=room_deleted")
        end = page.wait("unsubscribed")
        assert (end["room"], end["code"], end["reason"]) == ("plans", 4004, "room_deleted")
        assert other.wait("rooms")
        messages.post(alice, kitchen.name, "still here")
        assert page.wait("message", where=kitchen.name)
        assert page.wait("error", id=page.send("subscribe", room="plans"))["reason"] == "no_such_room"


# --- back again ---


def test_restored_it_is_as_before(client, alice, bob, open_plans):
    said = messages.post(alice, "plans", "The marmalade recipe")
    delete(alice, "plans")
    assert list(find_deleted(bob)) == [] and [room.name for room in find_deleted(alice)] == ["plans"]
    with pytest.raises(ChatError):
        restore(bob, "plans")
    assert restore(alice, "plans").name == "plans"
    assert [hit.message.id for hit in search(bob.id, "marmalade").hits] == [said.message_id]
    told = Message.objects.filter(kind="notice").order_by("id").values_list("notice", flat=True)
    assert [each["reason"] for each in told] == ["room_deleted", "room_restored"]
    client.force_login(bob)
    assert client.get("/chat/plans/").status_code == 200
    with pytest.raises(ChatError):
        restore(alice, "plans")


# --- for good ---


def test_only_when_its_time_is_over_it_goes_for_good_in_batches(alice, open_plans, monkeypatch):
    monkeypatch.setattr("rooms.services.deletion.BATCH_SIZE", 2)
    for number in range(5):
        messages.post(alice, "plans", f"marmalade {number}")
    delete(alice, "plans")
    assert delete_for_good_batch() is False and Room.objects.filter(name="plans").exists()
    wait_over(open_plans)
    left = []
    while delete_for_good_batch():
        left.append(Message.objects.filter(room=open_plans).count())
    assert left == [4, 2, 0, 0]
    assert not Room.objects.filter(name="plans").exists()
    assert not Membership.objects.filter(room_id=open_plans.pk).exists()
    assert membership.create_room(alice, "Plans").name == "plans"


def test_an_archived_room_too_and_one_that_is_restored_stays(alice, open_plans):
    archiving.archive(alice, "plans")
    delete(alice, "plans")
    restore(alice, "plans")
    Room.objects.filter(pk=open_plans.pk).update(deleted=None)
    assert delete_for_good_batch() is False
    assert Room.objects.get(name="plans").archived


def test_a_bot_kept_to_this_room_alone_does_not_answer_everywhere_then(alice, open_plans, lobby, bot_user, model):
    bot = Bot.objects.first()
    other = Bot.objects.exclude(pk=bot.pk).first()
    assert other is None
    bot.rooms.set([open_plans])
    delete(alice, "plans")
    wait_over(open_plans)
    while delete_for_good_batch():
        pass
    bot.refresh_from_db()
    assert not bot.enabled


def test_who_has_written_there_can_be_exported_and_erased_meanwhile(alice, bob, open_plans):
    messages.post(bob, "plans", "my marmalade")
    delete(alice, "plans")
    sections = {section.key: section.rows for section in iter_sections(bob)}
    assert [row["text"] for row in sections["messages"] if row] == ["my marmalade"]
    erasure.begin(bob)
    while not erasure.is_done(bob.id):
        erasure.run_next_batch(bob.id)
    assert not Message.objects.filter(text__contains="my marmalade").exists()
    assert not Membership.objects.filter(user=bob, room=open_plans).exists()
    restore(alice, "plans")
