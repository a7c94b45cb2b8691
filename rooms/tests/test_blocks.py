"""Blocking: nothing of a blocked person reaches who blocked them, and nobody else notices."""

import pytest

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Block, Membership, MessageKind
from rooms.queries import history, own_rooms, unread_counts
from rooms.services import blocks, bot_replies, direct_messages, membership, mentions, messages, moderation

pytestmark = pytest.mark.django_db


def unread(user, room) -> tuple[int, bool]:
    [row] = unread_counts.unread_of([user.id], [room.id])
    found = next((each for each in own_rooms.rooms_of(user.id) if each.id == room.id), None)
    assert found is None or (found.unread, found.mentioned) == (row["unread"], row["mentioned"])
    return row["unread"], row["mentioned"]


# --- the list ---


def test_blocking_twice_is_once_and_unblocking_what_is_not_blocked_is_nothing(alice, bob):
    assert blocks.block(bob, "ALICE") == alice == blocks.block(bob, "alice")
    assert blocks.blocked_by(bob.id) == [alice]
    assert blocks.blocked_by(alice.id) == []
    assert blocks.unblock(bob, "alice") == alice == blocks.unblock(bob, "alice")
    assert blocks.blocked_by(bob.id) == []


@pytest.mark.parametrize(("name", "code"), [("bob", "invalid"), ("nobody", "not_found"), ("\x00", "not_found")])
def test_who_cannot_be_blocked(bob, name, code):
    with pytest.raises(ChatError) as refused:
        blocks.block(bob, name)
    assert refused.value.code == code


def test_a_list_has_an_end(bob, make_user, monkeypatch):
    monkeypatch.setattr(blocks, "MAX_BLOCKS", 2)
    for name in ("one", "two"):
        blocks.block(bob, make_user(name).username)
    with pytest.raises(ChatError) as refused:
        blocks.block(bob, make_user("three").username)
    assert refused.value.code == "conflict"


def test_an_erased_person_is_in_no_list(alice, bob):
    blocks.block(bob, "alice")
    blocks.block(alice, "bob")
    User.objects.filter(pk=alice.pk).delete()
    assert not Block.objects.exists()


def test_only_ones_own_sockets_hear_of_it(alice, bob, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        blocks.block(bob, "alice")
    assert {group for group, _payload in sent} == {f"user_{bob.id}"}
    [payload] = [payload for _group, payload in sent if payload["type"] == "room.event"]
    assert payload["text"] == f'{{"type":"blocks","blocked":[{alice.id}]}}'
    assert payload["plain"] is False
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        blocks.block(bob, "alice")  # nothing new
    assert sent == []


# --- direct messages ---


def test_direct_messages_of_a_blocked_person_are_kept_and_not_heard_of(alice, bob):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "before")
    blocks.block(bob, "alice")
    posted = messages.post(alice, direct.name, "@bob psst")
    assert posted.created
    assert own_rooms.room_ids_of([alice.id, bob.id]) == {alice.id: {direct.id}, bob.id: set()}
    assert list(own_rooms.rooms_of(bob.id)) == own_rooms.first_rooms_of(bob.id, 10, 10) == []
    assert [room.id for room in own_rooms.rooms_of(alice.id)] == [direct.id]
    assert unread(bob, direct) == (0, False)
    assert [message.text for message in history.page(direct).messages] == ["before", "@bob psst"]
    blocks.unblock(bob, "alice")
    assert [room.id for room in own_rooms.rooms_of(bob.id)] == [direct.id]
    assert unread(bob, direct) == (0, False)
    messages.post(alice, direct.name, "after @bob")
    assert unread(bob, direct) == (1, True)


def test_a_blocked_person_may_open_the_conversation_first(alice, bob):
    blocks.block(bob, "alice")
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "hello")
    assert list(own_rooms.rooms_of(bob.id)) == []
    assert direct_messages.get_or_create_direct_message(bob, "alice") == direct


# --- shared rooms ---


def test_what_a_blocked_person_says_in_a_room_is_not_unread(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    blocks.block(bob, "alice")
    for number in range(3):
        messages.post(alice, "lobby", f"line {number}")
    assert unread(bob, lobby) == (0, False)
    assert unread(charlie, lobby) == (3, False)
    messages.post(charlie, "lobby", "hi")
    assert unread(bob, lobby) == (1, False)
    blocks.unblock(bob, "alice")
    assert unread(bob, lobby) == (4, False)


def test_notices_reach_who_blocked_their_author(alice, bob, lobby):
    blocks.block(bob, "alice")
    messages.set_topic_and_description(alice, "lobby", topic="Lunch")
    assert unread(bob, lobby) == (1, False)
    moderation.remove(alice, "lobby", bob.id)
    assert not Membership.objects.filter(room=lobby, user=bob).exists()


def test_a_blocked_person_names_in_vain(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    blocks.block(bob, "alice")
    messages.post(charlie, "lobby", "@bob one")
    messages.post(alice, "lobby", "@bob @charlie two")
    assert unread(bob, lobby) == (1, True)
    assert unread(charlie, lobby) == (1, True)
    messages.mark_read(bob, "lobby", 1)
    assert unread(bob, lobby) == (0, False)


def test_of_two_who_name_somebody_at_the_same_time_the_other_counts(alice, bob, charlie, lobby):
    from rooms.services.posting import Post, post_many

    membership.get_or_join(charlie, "lobby")
    blocks.block(bob, "alice")
    post_many([Post(charlie, lobby.id, "@bob one"), Post(alice, lobby.id, "@bob two"), Post(charlie, lobby.id, "x")])
    assert Membership.objects.get(room=lobby, user=bob).mention_seq == 1
    post_many([Post(alice, lobby.id, "@charlie a"), Post(bob, lobby.id, "@charlie b")])
    assert Membership.objects.get(room=lobby, user=charlie).mention_seq == 5


def test_blocking_takes_an_unread_mention_away(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    messages.post(charlie, "lobby", "@bob one")
    messages.post(alice, "lobby", "@bob two")
    blocks.block(bob, "alice")
    assert Membership.objects.get(room=lobby, user=bob).mention_seq == 1
    blocks.block(bob, "charlie")
    assert unread(bob, lobby) == (0, False)


def test_a_deleted_mention_leads_back_to_none_of_a_blocked_person(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    blocks.block(bob, "alice")
    messages.post(alice, "lobby", "@bob one")
    said = messages.post(charlie, "lobby", "@bob two")
    messages.delete(charlie, "lobby", said.message_id)
    assert unread(bob, lobby) == (0, False)


def test_bots_can_be_blocked_too(bob, bot_user, lobby):
    membership.get_or_join(bot_user, "lobby")
    direct = direct_messages.get_or_create_direct_message(bob, bot_user.username)
    blocks.block(bob, bot_user.username)
    reply = bot_replies.create_placeholder(lobby, bot_user, None)
    assert reply.kind == MessageKind.BOT
    lobby.save(update_fields=["seq"])
    assert unread(bob, lobby) == (0, False)
    assert list(own_rooms.room_ids_of([bob.id])[bob.id]) == [lobby.id]
    assert direct.id not in [room.id for room in own_rooms.rooms_of(bob.id)]


def test_a_mention_costs_no_query_more_for_each_block(alice, bob, lobby, django_assert_num_queries, make_user):
    messages.post(alice, "lobby", "warm up")
    for number in range(5):
        blocks.block(bob, make_user(f"p{number}").username)
    [message] = history.page(lobby).messages
    message.mentions = [bob.id]
    with django_assert_num_queries(1):
        mentions.mark_mentioned([message])
