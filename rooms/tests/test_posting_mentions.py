"""Whom a group of posts names: found in one query, and told to those who can be addressed."""

import pytest

from rooms.models import Membership, Message, RoomKind
from rooms.services import membership, mentions, messages
from rooms.services.posting import Post, post_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(alice):
    return membership.get_or_create_and_join(alice, "Other")


def test_mentions_are_those_who_can_be_addressed(alice, bob, charlie, bot_user, lobby):
    private = membership.create_room(alice, "Plans", "private")
    messages.post(alice, private.name, f"@Bob @charlie @alice @{bot_user.username} @nobody")
    messages.post(alice, "lobby", "@BOB @charlie @alice @nobody")
    in_private, in_lobby = Message.objects.filter(kind="human").order_by("id")
    assert in_private.mentions == sorted([alice.id, bot_user.id])
    assert in_lobby.mentions == sorted([alice.id, bob.id, charlie.id])
    assert f'data-user="{bob.id}"' in in_lobby.html
    assert f'data-user="{bob.id}"' not in in_private.html
    assert Membership.objects.get(room=lobby, user=bob).mention_seq == 1
    assert Membership.objects.get(room=lobby, user=alice).mention_seq == 0  # one does not call oneself


# --- mentions of a whole group ---


def test_a_group_finds_whom_it_names_in_one_query(alice, bob, charlie, bot_user, django_assert_num_queries):
    lobby, cellar = (
        membership.get_or_create_and_join(alice, "lobby"),
        membership.create_room(alice, "Cellar", RoomKind.PRIVATE),
    )
    membership.add_member(cellar, bob)
    named = [(lobby, ["bob", "charlie", "nobody"]), (cellar, ["bob", "charlie", bot_user.username]), (cellar, [])]
    with django_assert_num_queries(2):
        found = mentions.resolve_mentions(named)
    assert found == [
        {"bob": bob.id, "charlie": charlie.id},
        {"bob": bob.id, bot_user.username: bot_user.id},  # who is outside is not told of it
        {},
    ]
    with django_assert_num_queries(0):
        assert mentions.resolve_mentions([(lobby, [])]) == [{}]


def test_a_name_with_an_underscore_behind_it_is_itself_if_somebody_has_it(alice, bob, make_user):
    lobby = membership.get_or_create_and_join(alice, "lobby")
    assert mentions.resolve_mentions([(lobby, ["bob_"]), (lobby, ["__"]), (lobby, ["bob", "bob__"])]) == [
        {"bob_": bob.id}, {}, {"bob": bob.id},
    ]  # fmt: skip
    other = make_user("bob_")
    assert mentions.resolve_mentions([(lobby, ["bob_"]), (lobby, ["bob"])]) == [{"bob_": other.id}, {"bob": bob.id}]


def test_the_last_mention_of_a_group_counts_and_ones_own_does_not(alice, bob):
    lobby = membership.get_or_create_and_join(alice, "lobby")
    membership.get_or_join(bob, "lobby")
    texts = ["for @Bob", "nothing", "@bob and @alice", "by now @alice"]
    post_many([Post(alice, lobby.id, text) for text in texts])
    noted = dict(Membership.objects.filter(room=lobby).values_list("user__username", "mention_seq"))
    assert noted == {"alice": 0, "bob": 3}


def test_a_message_of_nothing_but_names_finds_them_all(alice, make_user):
    lobby = membership.get_or_create_and_join(alice, "lobby")
    named = ["bob", *(f"nobody{number}" for number in range(mentions.BATCH_SIZE * 2))]
    bob = make_user("bob")
    assert mentions.resolve_mentions([(lobby, named)]) == [{"bob": bob.id}]
