"""A person is erased in portions: each small, none twice, and none forgotten when a process ends in between."""

import pytest
from django.db import OperationalError

from jobs import schedule
from jobs.worker import run_all
from mysite.regular_work import WATCHED
from rooms.models import Erasure, Message, Room
from rooms.privacy import erasure, erasure_steps
from rooms.services import membership, messages

from .zerlinda import NAME, WORD, erase, everything, finish, lives_a_life

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "no_pauses")]
committed = pytest.mark.django_db(transaction=True)


@committed
def test_whoever_is_ended_in_between_goes_on(monkeypatch, zerlinda, bob, client):
    """The process dies at each step once: whatever it did then is undone, and is done the next time."""
    lives_a_life(zerlinda, bob, client)
    real, died = dict(erasure_steps.STEPS), []

    def dying(name):
        def step(row):
            more = real[name](row)
            if name not in died:
                died.append(name)
                raise KeyboardInterrupt
            return more

        return step

    for name in real:
        monkeypatch.setitem(erasure_steps.STEPS, name, dying(name))
    erasure.begin(zerlinda)
    while not erasure.is_done(zerlinda.pk):
        try:
            erasure.run_next_batch(zerlinda.pk)
        except KeyboardInterrupt:
            continue
    assert died == list(real)
    finish()
    assert NAME not in everything() and WORD not in everything()


def test_a_portion_is_small_and_each_is_a_transaction(monkeypatch, zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    monkeypatch.setattr(erasure_steps, "BATCH_SIZE", 3)
    for number in range(10):
        messages.post(zerlinda, "lobby", f"{WORD} {number}")
        messages.post(bob, "lobby", f"no. {number}")
    erasure.begin(zerlinda)
    left = set()
    while not erasure.is_done(zerlinda.pk):
        erasure.run_next_batch(zerlinda.pk)
        left.add(Message.objects.filter(sender=zerlinda, deleted=False).count())
    assert left == {10, 7, 4, 1, 0}
    room = Room.objects.get(name="lobby")
    seqs = list(Message.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))
    assert len(set(seqs)) == 20 and seqs[-1] == room.seq == 30


def test_one_that_fails_keeps_no_other_waiting(monkeypatch, zerlinda, alice):
    erasure.begin(zerlinda)
    erasure.begin(alice)
    first = next(iter(erasure_steps.STEPS))
    real = erasure_steps.STEPS[first]

    def failing(row):
        if row.pk == zerlinda.pk:
            raise OperationalError("locked")
        return real(row)

    monkeypatch.setitem(erasure_steps.STEPS, first, failing)
    with pytest.raises(OperationalError):
        while erasure.run_next_batch():
            pass
    while erasure.run_next_batch():
        pass
    assert erasure.is_done(alice.pk) and not erasure.is_done(zerlinda.pk)


@committed
def test_job_workers_go_on_with_it(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    erasure.begin(zerlinda)
    assert [schedule.enqueue_wanted(WATCHED) for _worker in range(2)] == [1, 0]
    assert run_all() == 1 and schedule.enqueue_wanted(WATCHED) == 0
    assert erasure.is_done(zerlinda.pk)
    assert Message.objects.get(sender=zerlinda).deleted


def test_what_was_written_while_the_account_was_closed_goes_too(zerlinda, bob):
    """A post can have been checked before, and be committed after its step."""
    room = membership.get_or_create_and_join(bob, "Lobby")
    erase(zerlinda)
    Message.objects.create(room=room, seq=900, first_seq=900, sender=zerlinda, text=WORD)
    finish()
    assert Erasure.objects.exists() and Message.objects.get(sender=zerlinda).deleted
    finish()
    assert not Erasure.objects.exists()
