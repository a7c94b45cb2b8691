"""A person who leaves traces everywhere, and is erased."""

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from redis import Redis

from accounts.models import Token, User
from bot.models import Run, Usage
from bot.provisioning import ensure_default_bot
from rooms.models import Erasure
from rooms.privacy import erasure
from rooms.services import (
    blocks,
    bot_replies,
    direct_messages,
    invitation_links,
    levels,
    membership,
    messages,
    personal_invitations,
)
from rooms.tests.test_deleted import tables

NAME, WORD = "zerlinda", "quokkafest"  # that stand nowhere else
EMAIL = f"{NAME}@example.org"


def erase(user: User, keep_messages: bool = False) -> User:
    erasure.begin(user, keep_messages)
    while not erasure.is_done(user.pk):
        erasure.run_next_batch(user.pk)
    user.refresh_from_db()
    return user


def finish() -> None:
    """As if a minute had gone by."""
    Erasure.objects.update(due=timezone.now())
    while erasure.run_next_batch():
        pass


def everything() -> str:
    """All tables, and all of Redis but what is on its way to nobody."""
    with Redis.from_url(settings.REDIS_URLS[0]) as client:
        stored = str([(key, client.dump(key)) for key in client.scan_iter()])
    return (tables() + stored).lower()


def lives_a_life(person: User, bob: User, client: Client) -> None:
    """They leave a trace wherever somebody can."""
    bot = ensure_default_bot()
    client.force_login(person)
    client.post("/accounts/login/", {"login": NAME, "password": "wrong"})
    Client().post("/accounts/login/", {"login": NAME, "password": "wrong"})
    Token.issue(person, f"{WORD} script")
    person.emailaddress_set.create(email=EMAIL, primary=True)
    LogEntry.objects.create(
        user=bob, content_type=ContentType.objects.get_for_model(User), object_id=person.pk, action_flag=CHANGE,
        object_repr=f"script ({NAME})", change_message="",
    )  # fmt: skip
    membership.create_room(person, f"{WORD} alone", "private")
    plans = membership.create_room(person, "Plans", "private")
    membership.add_member(plans, bob)
    invitation_links.create_link(person, plans.name)
    lobby = membership.get_or_create_and_join(bob, "Lobby")
    membership.get_or_join(person, "lobby")
    said = messages.post(person, "lobby", f"{WORD} for @bob").message_id
    messages.post(bob, "lobby", "What?", reply_to=said)
    levels.set_reactions(bob, True)
    levels.set_reactions(person, True)
    his = messages.post(bob, "lobby", "Really?").message_id
    messages.react(person, "lobby", his, "👍")
    messages.set_topic_and_description(person, plans.name, topic="Tea")
    asked = messages.post(person, "lobby", f"@{bot.user.username} {WORD}?").message_id
    reply = Run.objects.get(question=asked).message
    bot_replies.stop(person, "lobby", reply.pk)
    Run.objects.filter(message=reply).update(versions=[{"text": "x", "note": f"Stopped by {NAME}."}])
    direct = direct_messages.get_or_create_direct_message(person, "bob")
    messages.post(person, direct.name, WORD)
    messages.post(bob, direct.name, "Bob's own words")
    alone = direct_messages.get_or_create_direct_message(person, bot.user.username)
    messages.post(person, alone.name, WORD)
    tea = membership.create_room(bob, "Tea", "private")
    membership.add_member(tea, person)
    membership.leave(bob, tea.name)  # says who owns it now
    membership.add_member(tea, bob)
    blocks.block(person, "bob")
    blocks.unblock(person, "bob")
    blocks.block(bob, NAME)
    personal_invitations.invite(person, plans.name, settings.BOT_NAME)
    Usage.objects.create(day="2026-01-02", bot=bot, room=lobby, asker=person, tokens=70)
