"""Hashing passwords takes its share of the processor and no more, whoever asks, and those known go first."""

import threading

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.urls import reverse

from accounts.security import password_hashing
from accounts.security.password_hashing import Busy, Gate
from conftest import PASSWORD


@pytest.fixture
def bounded(settings):
    """The hasher that an installation has, made quick."""
    settings.PASSWORD_HASHERS = ["accounts.tests.test_password_hashing.QuickHasher"]


class QuickHasher(password_hashing.BoundedPBKDF2PasswordHasher):
    iterations = 1


class Caller(threading.Thread):
    """Takes a turn and holds it until told; notes in `came` the order in which turns began."""

    def __init__(self, gate: Gate, name: str, came: list, first: bool = False):
        super().__init__(name=name, daemon=True)
        self.gate, self.came, self.first = gate, came, first
        self.inside, self.go = threading.Event(), threading.Event()

    def run(self):
        with self.gate.turn(self.first):
            self.came.append(self.name)
            self.inside.set()
            self.go.wait(30)

    def ends(self):
        self.go.set()
        self.join(30)


def waiting(gate: Gate, count: int) -> None:
    """Until so many wait."""
    with gate._changed:
        assert gate._changed.wait_for(lambda: gate.waiting == count, 0) or _poll(gate, count)


def _poll(gate: Gate, count: int) -> bool:
    for _ in range(3000):
        gate._changed.wait(0.01)  # nobody tells when somebody begins to wait
        if gate.waiting == count:
            return True
    return False


def test_so_many_at_a_time_and_the_known_first():
    gate, came = Gate(slots=1), []
    holder = Caller(gate, "holder", came)
    holder.start()
    assert holder.inside.wait(30)
    strangers = [Caller(gate, f"stranger {i}", came) for i in range(3)]
    for caller in strangers:
        caller.start()
    waiting(gate, 3)
    known = Caller(gate, "known", came, first=True)
    known.start()
    waiting(gate, 4)
    assert came == ["holder"]
    for caller in (*strangers, known):
        caller.go.set()
    for caller in (holder, known, *strangers):
        caller.ends()
    assert came[1] == "known"
    assert sorted(came[2:]) == ["stranger 0", "stranger 1", "stranger 2"]


def test_what_waits_is_bounded_and_strangers_take_no_place_of_the_known():
    gate, came = Gate(slots=1, max_waiting=2), []
    callers = [Caller(gate, str(i), came) for i in range(3)]
    callers[0].start()
    assert callers[0].inside.wait(30)
    for caller in callers[1:]:
        caller.start()
    waiting(gate, 2)
    with pytest.raises(Busy), gate.turn(first=False):
        pass
    known = Caller(gate, "known", came, first=True)
    known.start()
    waiting(gate, 3)
    for caller in (known, *callers):
        caller.go.set()
    for caller in (known, *callers):
        caller.ends()
    assert len(came) == 4


def test_nobody_waits_for_ever_and_no_slot_is_lost():
    gate = Gate(slots=1, patience=0.01)
    with gate.turn(first=False), pytest.raises(Busy), gate.turn(first=True):
        pass
    assert gate.waiting == 0
    with pytest.raises(ZeroDivisionError), gate.turn(first=False):
        1 / 0  # noqa: B018
    with gate.turn(first=False):
        pass


@pytest.mark.parametrize(
    ("cores", "workers", "slots"), [(1, 1, 1), (2, 1, 1), (4, 1, 2), (16, 2, 4), (2, 8, 1), (None, 1, 1)]
)
def test_hashing_has_half_of_the_processors(monkeypatch, settings, cores, workers, slots):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    settings.WEB_WORKERS = workers
    assert password_hashing.slots() == slots


def test_passwords_of_before_go_on_working(bounded):
    kept = "pbkdf2_sha256$1000$saltsaltsalt$I9SYZpuRIioORcPTfY+d/DHIuMQmb62bL8lqQHOGQWA="
    assert identify_hasher(kept).algorithm == "pbkdf2_sha256"
    assert check_password("horse", kept)
    made = make_password("horse")
    assert made.startswith("pbkdf2_sha256$1$")
    assert check_password("horse", made)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("account_login", {"login": "alice", "password": PASSWORD}),
        ("account_login", {"login": "nobody", "password": PASSWORD}),
        ("account_signup", {"username": "dora", "password1": "many horses 7", "password2": "many horses 7"}),
    ],
)
def test_when_too_many_wait_a_page_says_when_to_come_back(client, alice, bounded, monkeypatch, page, form):
    full = Gate(slots=0, patience=0.001)
    monkeypatch.setattr(password_hashing, "_gate", full)
    answer = client.post(reverse(page), form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The server is busy" in answer.content.decode()
    monkeypatch.setattr(password_hashing, "_gate", Gate(slots=1))
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.django_db
def test_every_way_to_a_hash_goes_through_the_gate(client, alice, bounded, monkeypatch):
    """Signing in with a right, a wrong and an unknown name, signing up, a new password, a confirmation."""
    turns = []

    class Counting(Gate):
        def turn(self, first):
            turns.append(first)
            return super().turn(first)

    monkeypatch.setattr(password_hashing, "_gate", Counting(slots=1))
    alice.set_password(PASSWORD)
    alice.save()
    for name, password in (("alice", "wrong"), ("nobody", "wrong"), ("alice", PASSWORD)):
        before = len(turns)
        client.post(reverse("account_login"), {"login": name, "password": password})
        assert len(turns) == before + 1, name  # as much work for whoever it is
    before = len(turns)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert turns[before:] == [True]
    form = {"oldpassword": PASSWORD, "password1": "third horse 9", "password2": "third horse 9"}
    client.post(reverse("account_change_password"), form)
    assert len(turns) >= before + 3
