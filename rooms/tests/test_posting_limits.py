"""Who may write in a room, and how often: announcement rooms, read-only members, slow mode."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rooms.kernel.errors import ChatError
from rooms.kernel.notices import notice
from rooms.models import FormerReader, LastPost, Membership, Message, Posting, Role
from rooms.services import membership, messages, moderation, posting_limits
from rooms.services.notices import post_notice
from rooms.services.posting import Post, post_many

from .refusals import refused_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def said(room) -> list[str]:
    return list(Message.objects.filter(room=room, kind="human").order_by("id").values_list("text", flat=True))


def notices(room) -> list[str]:
    return [
        each["reason"] for each in room.messages.filter(kind="notice").order_by("id").values_list("notice", flat=True)
    ]


def make_reader(alice, bob) -> None:
    moderation.appoint(alice, "lobby", bob.pk, Role.READER)


def test_in_a_room_for_announcements_moderators_write_and_members_react(alice, bob, lobby):
    before = messages.post(bob, "lobby", "before")
    assert refused_with(posting_limits.set_posting, bob, "lobby", "moderators") == "cannot_set_posting"
    assert refused_with(posting_limits.set_posting, alice, "lobby", "nobody") == "posting_unknown"
    for _twice in range(2):
        assert posting_limits.set_posting(alice, "lobby", "moderators").posting == Posting.MODERATORS
    message = messages.post(alice, "lobby", "news").message_id
    messages.react(bob, "lobby", message, "👍")
    messages.delete(bob, "lobby", before.message_id)
    for act, *rest in (
        (messages.post, "lobby", "hello"),
        (messages.edit, "lobby", before.message_id, "edited"),
        (messages.set_topic_and_description, "lobby", "Topic"),
    ):
        assert refused_with(act, bob, *rest) in ("room_is_announcement", "message_deleted")
    posting_limits.set_posting(alice, "lobby", "everyone")
    messages.post(bob, "lobby", "again")
    assert said(lobby)[1:] == ["news", "again"]
    assert notices(lobby) == ["posting_moderators", "posting_everyone"]


def test_who_is_refused_in_a_room_for_announcements_does_not_join_it(alice, lobby, charlie, make_user):
    posting_limits.set_posting(alice, "lobby", "moderators")
    assert refused_with(messages.post, charlie, "lobby", "hello") == "room_is_announcement"
    assert not Membership.objects.filter(room=lobby, user=charlie).exists()
    messages.post(make_user("root", is_staff=True), "lobby", "from staff")
    assert said(lobby) == ["from staff"]


def test_members_still_make_the_notices_of_what_they_may_do(alice, bob, lobby):
    posting_limits.set_posting(alice, "lobby", "moderators")
    post_notice(bob, lobby.pk, notice("description_changed"))
    assert notices(lobby) == ["posting_moderators", "description_changed"]


def test_a_read_only_member_reads_alone_and_stays_so_when_they_come_back(alice, bob, lobby):
    mine = messages.post(bob, "lobby", "mine").message_id
    make_reader(alice, bob)
    for act, *rest in (
        (messages.post, "lobby", "hello"),
        (messages.edit, "lobby", mine, "edited"),
        (messages.react, "lobby", mine, "👍"),
        (messages.set_topic_and_description, "lobby", "Topic"),
    ):
        assert refused_with(act, bob, *rest) == "read_only"
    membership.leave(bob, "lobby")
    assert refused_with(messages.post, bob, "lobby", "as a stranger") == "read_only"
    membership.get_or_join(bob, "lobby")
    assert refused_with(messages.post, bob, "lobby", "back") == "read_only"
    moderation.remove(alice, "lobby", bob.pk)
    membership.get_or_join(bob, "lobby")
    assert Membership.objects.get(room=lobby, user=bob).role == Role.READER
    assert not FormerReader.objects.exists()
    moderation.appoint(alice, "lobby", bob.pk, Role.MEMBER)
    messages.delete(bob, "lobby", mine)
    messages.post(bob, "lobby", "at last")
    assert said(lobby)[1:] == ["at last"]


def test_moderators_make_members_read_only_but_not_each_other(alice, bob, charlie, lobby, make_user):
    membership.get_or_join(charlie, "lobby")
    dave = make_user("dave")
    membership.get_or_join(dave, "lobby")
    for user in (bob, charlie):
        moderation.appoint(alice, "lobby", user.pk, Role.MODERATOR)
    moderation.appoint(bob, "lobby", dave.pk, Role.READER)
    moderation.appoint(bob, "lobby", dave.pk, Role.MEMBER)
    for user, role in ((charlie, Role.READER), (charlie, Role.MEMBER), (dave, Role.MODERATOR)):
        assert refused_with(moderation.appoint, bob, "lobby", user.pk, role) == "cannot_appoint"
    assert refused_with(moderation.appoint, dave, "lobby", dave.pk, Role.MEMBER) == "cannot_appoint"
    assert refused_with(moderation.appoint, bob, "lobby", alice.pk, Role.READER) == "role_not_assignable"


def test_with_slow_mode_a_member_waits_and_others_do_not(alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    assert refused_with(posting_limits.set_slow_mode, bob, "lobby", 60) == "cannot_set_posting"
    assert refused_with(posting_limits.set_slow_mode, alice, "lobby", 7) == "slow_mode_unknown"
    posting_limits.set_slow_mode(alice, "lobby", 60)
    first = messages.post(bob, "lobby", "one").message_id
    with pytest.raises(ChatError) as caught:
        messages.post(bob, "lobby", "two")
    assert caught.value.reason == "slow_mode" and 0 < caught.value.retry_after <= 60
    assert caught.value.params["every"] == 60 and caught.value.status == 429
    messages.edit(bob, "lobby", first, "one, edited")
    messages.post(charlie, "lobby", "mine")
    for text in ("a", "b"):
        messages.post(alice, "lobby", text)
    LastPost.objects.filter(user=bob).update(at=timezone.now() - timedelta(seconds=61))
    messages.post(bob, "lobby", "two")
    posting_limits.set_slow_mode(alice, "lobby", 0)
    messages.post(bob, "lobby", "three")
    assert said(lobby) == ["one, edited", "mine", "a", "b", "two", "three"]
    assert not LastPost.objects.exists()
    assert notices(lobby) == ["slow_mode_minutes", "slow_mode_off"]


def test_slow_mode_counts_within_a_group_of_posts_and_after_leaving(alice, bob, lobby):
    posting_limits.set_slow_mode(alice, "lobby", 30)
    first, second = post_many([Post(bob, lobby.pk, text) for text in ("one", "two")])
    assert first.created and second.reason == "slow_mode"
    membership.leave(bob, "lobby")
    assert refused_with(messages.post, bob, "lobby", "three") == "slow_mode"


def test_a_refused_post_does_not_count_and_a_repeated_one_gets_its_first_outcome(alice, bob, lobby):
    posting_limits.set_slow_mode(alice, "lobby", 30)
    assert refused_with(messages.post, bob, "lobby", "answer", reply_to=10**6) == "reply_to_elsewhere"
    id = uuid.uuid4()
    assert messages.post(bob, "lobby", "one", id).created
    assert not messages.post(bob, "lobby", "one", id).created


def test_posting_asks_no_more_where_there_is_no_slow_mode(alice, bob, lobby):
    messages.post(bob, "lobby", "warm")
    with CaptureQueriesContext(connection) as plain:
        post_many([Post(bob, lobby.pk, "plain")])
    assert not [each for each in plain.captured_queries if "lastpost" in each["sql"]]
    posting_limits.set_slow_mode(alice, "lobby", 5)
    with CaptureQueriesContext(connection) as slow:
        post_many([Post(bob, lobby.pk, "slow")])
    assert len(slow) == len(plain) + 2  # when they wrote last, before and after


def test_the_api_says_what_a_message_would_be_refused_with(client, alice, bob, lobby):
    client.force_login(bob)
    ask = lambda: client.get("/api/rooms/lobby").json()["refused"]  # noqa: E731
    assert ask() is None
    posting_limits.set_slow_mode(alice, "lobby", 60)
    messages.post(bob, "lobby", "one")
    assert ask()["reason"] == "slow_mode" and ask()["retry_after"] > 0
    posting_limits.set_posting(alice, "lobby", "moderators")
    assert ask()["reason"] == "room_is_announcement"
    client.force_login(alice)
    assert ask() is None


def test_moderators_set_both_on_the_page_and_the_composer_says_why_it_is_closed(client, alice, bob, lobby):
    client.force_login(alice)
    about = client.post("/chat/lobby/about/", {"do": "posting", "posting": "moderators"}, follow=True).content.decode()
    assert "Saved." in about and "A room for announcements" in about
    about = client.post("/chat/lobby/about/", {"do": "slow_mode", "seconds": "300"}, follow=True).content.decode()
    assert "waits 5 minutes between two messages" in about
    client.force_login(bob)
    page = client.get("/chat/lobby/").content.decode()
    assert "Only moderators can write in this room." in page and 'readonly placeholder="You cannot write here."' in page
    answer = client.post("/chat/lobby/", {"message": "hello", "id": "7b1ea2a2-6b1f-4e8f-9c0e-0d6f6f3c8f11"})
    assert answer.status_code == 403
    client.force_login(alice)
    people = client.post("/chat/lobby/people/", {"do": "make_reader", "username": "bob"}, follow=True).content.decode()
    assert "bob can only read now." in people and "Let write again" in people
