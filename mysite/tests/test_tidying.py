"""Sessions that have run out do not stay for ever, and what is not in the search index as it should be gets there."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.security import session_store
from jobs.models import Job
from mysite import regular_work, tidying
from rooms.models import Message, Room

pytestmark = pytest.mark.django_db


def add(key: str, **from_now) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(**from_now))


def keys() -> set[str]:
    return set(Session.objects.values_list("session_key", flat=True))


@pytest.fixture
def sessions(monkeypatch):
    monkeypatch.setattr(session_store, "BATCH_SIZE", 2)
    monkeypatch.setattr(tidying, "PAUSE", 0)
    for number in range(5):
        add(f"gone{number}", seconds=-1)
    add("standing", minutes=5)


def test_those_that_have_run_out_are_deleted_in_portions_and_no_others(sessions):
    assert session_store.SessionStore.delete_expired_batch() == 2
    assert len(keys()) == 4
    tidying.clean_up.call()
    assert keys() == {"standing"} and not Job.objects.exists()


def test_what_takes_long_goes_on_in_another_job(sessions, monkeypatch):
    monkeypatch.setattr("jobs.portions.SECONDS", -1)
    tidying.clean_up.call()
    assert Job.objects.get().task == "mysite.tidying.clean_up" and len(keys()) == 4


def test_messages_that_were_not_folded_are_folded(alice, monkeypatch):
    monkeypatch.setattr("rooms.search.message_index.BATCH_SIZE", 2)
    monkeypatch.setattr(tidying, "PAUSE", 0)
    room = Room.objects.create(name="lobby", title="Lobby")
    made = [Message(room=room, seq=n, first_seq=n, sender=alice, text=f"Ёлка {n}") for n in range(1, 6)]
    Message.objects.bulk_create(made)
    tidying.clean_up.call()
    folded = list(Message.objects.order_by("seq").values_list("search_text", flat=True))
    assert folded == [f"елка {n}" for n in range(1, 6)]


def test_all_of_it_is_done_by_the_job_workers():
    assert {tidying.clean_up, tidying.purge_deleted_text} <= regular_work.PLAN.keys()
    assert tidying.continue_erasures in regular_work.WATCHED
