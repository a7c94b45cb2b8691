"""Whoever may no longer be here is closed even if the news of it was lost, and what waits is written."""

import asyncio
import threading

import pytest
from django.contrib.sessions.models import Session
from websockets.exceptions import ConnectionClosed

from accounts.models import Token
from mysite.tests import waiting
from rooms.models import Membership, Message, Room
from rooms.realtime import handshake, periodic_tasks, post_writer
from rooms.realtime import hub as hub_module
from rooms.realtime.outbound import TransportWriter
from rooms.services import membership, messages, moderation

from .live import WebProcess, until

pytestmark = pytest.mark.django_db(transaction=True)


# --- rights that end without our hearing of it ---


def test_a_session_that_ended_unheard_is_found_by_the_recheck(web, hub, within, alice, bob, lobby):
    with web.open(alice, "lobby") as ended, web.open(bob, "lobby") as stays:
        ended.wait("welcome"), stays.wait("welcome")
        mine = [each.pk for each in Session.objects.all() if str(each.get_decoded()["_auth_user_id"]) == str(alice.pk)]
        Session.objects.filter(pk__in=mine)._raw_delete("default")  # no signal
        within(hub._periodic_tasks.check_access)
        assert ended.closed() == (4001, "reason=session_ended")
        stays.send("send", message="still here")
        assert stays.wait("ack")


def test_a_token_that_ended_unheard_is_found_by_the_recheck(web, hub, within, alice, lobby):
    _token, secret = Token.issue(alice, "script")
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        socket.wait("welcome")
        Token.objects.all()._raw_delete("default")
        within(hub._periodic_tasks.check_access)
        assert socket.closed()[0] == 4001


@pytest.mark.parametrize("kind", ["public", "private"])
def test_a_ban_or_removal_unheard_is_found_by_the_recheck(web, hub, within, alice, bob, kind):
    room = membership.create_room(alice, "Plans", kind)
    places = Membership.objects.filter(user=bob, room=room)
    Membership.objects.create(user=bob, room=room)
    with web.open(bob, room.name) as out, web.open(alice, room.name) as stays:
        out.wait("welcome"), stays.wait("welcome")
        if kind == "public":
            places.update(banned=True)
        else:
            places.delete()
        within(hub._periodic_tasks.check_access)
        assert out.closed() == (4003, "reason=not_in_room")
        stays.send("send", message="still here")
        assert stays.wait("ack")


def test_who_is_removed_while_redis_is_away_is_closed_when_it_is_back(web, alice, bob, lobby, redis_server):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        redis_server.stop()
        try:
            moderation.remove(alice, "lobby", bob.id, ban=True)
        finally:
            redis_server.start()
        assert socket.closed() == (4003, "reason=not_in_room")


def test_a_right_that_ends_while_the_socket_opens_is_told(web, alice, bob, lobby, monkeypatch):
    """Between the check and the subscription nothing is listening yet; from then on it is heard."""
    read = handshake.read_initial_state

    async def slow(hub, connection, *args, **options):
        await asyncio.to_thread(moderation.remove, alice, "lobby", bob.id, True)
        await waiting.until(lambda: connection.closed)
        return await read(hub, connection, *args, **options)

    monkeypatch.setattr(handshake, "read_initial_state", slow)
    with web.open(bob, "lobby") as socket:
        assert socket.closed() == (4003, "reason=not_in_room")
        assert socket.seen == []


def test_resume_is_for_those_who_may_read(web, alice, bob, lobby):
    messages.post(alice, "lobby", "for members")
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        Membership.objects.filter(user=bob).update(banned=True)
        socket.send("resume", since=0)
        assert socket.wait("error")["code"] == "not_found"
    assert not [event for event in socket.seen if event["type"] == "message"]


def test_a_room_that_was_deleted_is_said(web, hub, within, alice, lobby):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        Room.objects.all().delete()
        within(hub._periodic_tasks.check_heads)
        assert socket.closed() == (4004, "reason=no_such_room")


def test_a_room_that_was_deleted_and_made_anew_is_another(web, alice, bob, lobby, fast):
    for n in range(5):
        messages.post(alice, "lobby", f"old {n}")
    with web.open(alice, "lobby") as old:
        old.wait("welcome")
        Room.objects.all().delete()
        membership.get_or_create_and_join(bob, "Lobby")
        with web.open(bob, "lobby") as new:
            assert new.wait("welcome")["seq"] == 0
            new.send("send", message="new")
            assert new.wait("message")["seq"] == 1
        assert old.closed() == (4004, "reason=no_such_room")


# --- the clock ---


def test_the_load_of_the_database_is_the_share_of_its_threads_that_work(hub, monkeypatch, settings):
    settings.DB_THREADS = 8
    monkeypatch.setattr(hub_module.db_executor, "busy", lambda: 2)
    assert hub.tracker.overload._measures["database"]() == 0.25


def test_who_has_taken_nothing_for_long_is_closed(web, alice, lobby, monkeypatch):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        monkeypatch.setattr(TransportWriter, "is_stalled", lambda _outlet: True)
        with pytest.raises(ConnectionClosed) as end:
            socket.wait("ack")
        assert end.value.rcvd.code == 4008


def test_work_that_fails_or_hangs_leaves_the_other_work_alone(web, hub, alice, lobby, monkeypatch, caplog):
    monkeypatch.setattr(periodic_tasks, "HEARTBEAT_INTERVAL", 0.2)
    monkeypatch.setattr(hub._periodic_tasks.unread_notifier, "notify", lambda people: 1 / 0)
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        until(lambda: caplog.text.count("_notify_unread failed") > 1)
        assert socket.wait("head")["seq"] == 0


def test_a_lost_last_publication_is_repaired_by_the_server(web, alice, bob, lobby, monkeypatch):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        with monkeypatch.context() as lost:
            lost.setattr("rooms.publishing.events.publisher.submit", lambda group, payload: None)
            messages.post(alice, "lobby", "lost")
        assert socket.wait("message")["message"] == "lost"


def test_what_was_sent_before_the_end_is_written(transactional_db, alice, lobby, monkeypatch):
    reached, held, post_many = threading.Event(), threading.Event(), post_writer.post_many

    def slow(*group):
        reached.set()
        held.wait(waiting.PATIENCE)
        return post_many(*group)

    monkeypatch.setattr(post_writer, "post_many", slow)
    monkeypatch.setattr(post_writer, "CLOSE_SECONDS", waiting.PATIENCE)
    with WebProcess() as process, process.open(alice, "lobby") as one:
        one.wait("welcome")
        one.send("send", message="being written")
        assert reached.wait(waiting.PATIENCE)
        one.send("send", message="waits")
        one.raw("no command")
        one.wait("error")  # so what was sent before it has been read
        process.stop()
        with pytest.raises(ConnectionClosed) as end:
            one.wait("ack")
        assert end.value.rcvd.code == 1012
        threading.Timer(2, held.set).start()  # an end that waits for nothing is over by then
    assert list(Message.objects.order_by("seq").values_list("text", flat=True)) == ["being written", "waits"]
