"""Links into private rooms: who makes them, whom they let in, and that one that no longer works looks like none."""

import re
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from rooms.kernel.errors import ChatError
from rooms.models import Invitation, Membership, Role
from rooms.services import direct_messages, invitation_links, membership, moderation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture(autouse=True)
def _counted_from_nothing(redis_server):
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


def refused(function, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(ChatError) as caught:
        function(*args, **kwargs)
    return caught.value.code, caught.value.message


# --- who makes them ---


def test_owner_and_moderators_make_links_and_others_do_not(alice, bob, charlie, plans, make_user):
    membership.add_member(plans, bob)
    assert refused(invitation_links.create_link, bob, plans.name)[0] == "forbidden"
    assert refused(invitation_links.create_link, charlie, plans.name)[0] == "not_found"
    assert refused(invitation_links.create_link, make_user("root", is_staff=True), plans.name)[0] == "not_found"
    moderation.appoint(alice, plans.name, bob.id, Role.MODERATOR)
    made, _secret = invitation_links.create_link(bob, plans.name)
    assert invitation_links.links_of(alice, plans) == [made]
    moderation.appoint(alice, plans.name, bob.id, Role.MEMBER)
    assert invitation_links.links_of(bob, plans) == []
    assert refused(invitation_links.revoke, bob, plans.name, made.pk)[0] == "forbidden"


def test_there_are_none_into_public_rooms_and_direct_messages(alice, bob):
    lobby, direct = (
        membership.get_or_create_and_join(alice, "Lobby"),
        direct_messages.get_or_create_direct_message(alice, "bob"),
    )
    for room in (lobby, direct):
        assert refused(invitation_links.create_link, alice, room.name)[0] == "invalid"
        assert invitation_links.links_of(alice, room) == []


@pytest.mark.parametrize(("days", "uses"), [(0, None), (31, None), (7, 0), (7, -1), (7, 1001), (10**18, None)])
def test_impossible_limits_are_refused(alice, plans, days, uses):
    assert refused(invitation_links.create_link, alice, plans.name, days, uses)[0] == "invalid"


def test_there_may_be_twenty_that_work(alice, plans):
    made = [invitation_links.create_link(alice, plans.name)[0] for _ in range(20)]
    assert refused(invitation_links.create_link, alice, plans.name)[0] == "conflict"
    Invitation.objects.filter(pk=made[0].pk).update(expires=timezone.now())
    invitation_links.create_link(alice, plans.name)
    assert Invitation.objects.count() == 20


def test_the_secret_cannot_be_guessed_and_is_not_kept(alice, plans):
    secrets = {invitation_links.create_link(alice, plans.name)[1] for _ in range(5)}
    assert len(secrets) == 5
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in secrets)  # 256 bits
    kept = str(list(Invitation.objects.values()))
    assert not [secret for secret in secrets if secret in kept]


# --- whom they let in ---


def test_a_link_lets_somebody_in_who_then_belongs_there(alice, bob, plans):
    _made, secret = invitation_links.create_link(alice, plans.name)
    assert refused(membership.get_visible_room, bob.id, plans.name)[0] == "not_found"
    assert invitation_links.accept(bob, secret) == plans
    assert membership.get_visible_room(bob.id, plans.name) == plans
    assert Membership.objects.get(room=plans, user=bob).role == Role.MEMBER
    assert Invitation.objects.get().uses == 1


def test_who_belongs_there_uses_nothing_up(alice, bob, plans):
    _made, secret = invitation_links.create_link(alice, plans.name, uses=1)
    for user in (alice, bob, bob):
        assert invitation_links.accept(user, secret) == plans
    assert Invitation.objects.get().uses == 1


def ways_to_end():
    def expired(alice, bob, plans, made):
        Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))

    def used_up(alice, bob, plans, made):
        Invitation.objects.update(max_uses=3, uses=3)

    def revoked(alice, bob, plans, made):
        invitation_links.revoke(alice, plans.name, made.pk)

    def its_maker_moderates_no_longer(alice, bob, plans, made):
        moderation.appoint(alice, plans.name, bob.id, Role.MEMBER)

    def its_maker_is_out(alice, bob, plans, made):
        moderation.remove(alice, plans.name, bob.id)

    def its_maker_is_deactivated(alice, bob, plans, made):
        bob.is_active = False
        bob.save()

    def whoever_comes_is_banned(alice, bob, plans, made):
        Membership.objects.create(room=plans, user_id=made.charlie_id, banned=True)

    return [value for value in locals().values() if callable(value)]


@pytest.mark.parametrize("end", ways_to_end(), ids=lambda end: end.__name__)
def test_what_no_longer_works_looks_like_one_that_never_was(client, alice, bob, charlie, plans, end):
    membership.add_member(plans, bob)
    moderation.appoint(alice, plans.name, bob.id, Role.MODERATOR)
    made, secret = invitation_links.create_link(bob, plans.name)
    made.charlie_id = charlie.id
    client.force_login(charlie)
    assert client.get(f"/chat/invite/{secret}/").status_code == 200
    end(alice, bob, plans, made)
    for method in (client.get, client.post):
        ended, invented = (method(f"/chat/invite/{text}/") for text in (secret, "A" * 43))
        assert (ended.status_code, ended.content) == (invented.status_code, invented.content)
        assert ended.status_code == 404
        assert "Plans" not in ended.content.decode()
    assert not Membership.objects.filter(user=charlie, banned=False).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_the_last_use_together_one_comes_in(alice, plans, make_user):
    _made, secret = invitation_links.create_link(alice, plans.name, uses=1)
    people = [make_user(f"p{number}") for number in range(4)]
    start, outcomes = threading.Barrier(len(people)), []

    def come(user):
        start.wait()
        try:
            outcomes.append(invitation_links.accept(user, secret).name)
        except ChatError as error:
            outcomes.append(error.code)
        connection.close()

    threads = [threading.Thread(target=come, args=[user]) for user in people]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert sorted(outcomes) == sorted([plans.name, *["not_found"] * 3])
    assert Membership.objects.filter(room=plans).count() == 2
    assert Invitation.objects.get().uses == 1
