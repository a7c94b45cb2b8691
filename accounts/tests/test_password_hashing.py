"""Hashing passwords uses a limited share of the processor, and known devices have priority."""

import threading

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.urls import reverse

from accounts.security import password_hashing
from accounts.security.password_hashing import HasherBusy, PrioritySemaphore
from conftest import PASSWORD


@pytest.fixture
def bounded(settings):
    """The hasher that an installation has, made quick."""
    settings.PASSWORD_HASHERS = ["accounts.tests.test_password_hashing.QuickHasher"]


class QuickHasher(password_hashing.BoundedPBKDF2PasswordHasher):
    iterations = 1


class Caller(threading.Thread):
    """Acquires a slot and holds it until told; records in `came` the order of the slots."""

    def __init__(self, semaphore: PrioritySemaphore, name: str, came: list, priority: bool = False):
        super().__init__(name=name, daemon=True)
        self.semaphore, self.came, self.priority = semaphore, came, priority
        self.inside, self.go = threading.Event(), threading.Event()

    def run(self):
        with self.semaphore.acquire(self.priority):
            self.came.append(self.name)
            self.inside.set()
            self.go.wait(30)

    def ends(self):
        self.go.set()
        self.join(30)


def waiting(semaphore: PrioritySemaphore, count: int) -> None:
    """Until so many wait."""
    with semaphore._changed:
        assert semaphore._changed.wait_for(lambda: semaphore.waiting == count, 0) or _poll(semaphore, count)


def _poll(semaphore: PrioritySemaphore, count: int) -> bool:
    for _ in range(3000):
        semaphore._changed.wait(0.01)  # nothing notifies when somebody begins to wait
        if semaphore.waiting == count:
            return True
    return False


def test_so_many_at_a_time_and_the_known_first():
    semaphore, came = PrioritySemaphore(slots=1), []
    holder = Caller(semaphore, "holder", came)
    holder.start()
    assert holder.inside.wait(30)
    strangers = [Caller(semaphore, f"stranger {i}", came) for i in range(3)]
    for caller in strangers:
        caller.start()
    waiting(semaphore, 3)
    known = Caller(semaphore, "known", came, priority=True)
    known.start()
    waiting(semaphore, 4)
    assert came == ["holder"]
    for caller in (*strangers, known):
        caller.go.set()
    for caller in (holder, known, *strangers):
        caller.ends()
    assert came[1] == "known"
    assert sorted(came[2:]) == ["stranger 0", "stranger 1", "stranger 2"]


def test_what_waits_is_bounded_and_strangers_take_no_place_of_the_known():
    semaphore, came = PrioritySemaphore(slots=1, max_waiting=2), []
    callers = [Caller(semaphore, str(i), came) for i in range(3)]
    callers[0].start()
    assert callers[0].inside.wait(30)
    for caller in callers[1:]:
        caller.start()
    waiting(semaphore, 2)
    with pytest.raises(HasherBusy), semaphore.acquire(priority=False):
        pass
    known = Caller(semaphore, "known", came, priority=True)
    known.start()
    waiting(semaphore, 3)
    for caller in (known, *callers):
        caller.go.set()
    for caller in (known, *callers):
        caller.ends()
    assert len(came) == 4


def test_nobody_waits_for_ever_and_no_slot_is_lost():
    semaphore = PrioritySemaphore(slots=1, patience=0.01)
    with semaphore.acquire(priority=False), pytest.raises(HasherBusy), semaphore.acquire(priority=True):
        pass
    assert semaphore.waiting == 0
    with pytest.raises(ZeroDivisionError), semaphore.acquire(priority=False):
        1 / 0  # noqa: B018
    with semaphore.acquire(priority=False):
        pass


@pytest.mark.parametrize(
    ("cores", "workers", "slots"), [(1, 1, 1), (2, 1, 1), (4, 1, 2), (16, 2, 4), (2, 8, 1), (None, 1, 1)]
)
def test_hashing_has_half_of_the_processors(monkeypatch, settings, cores, workers, slots):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    settings.WEB_WORKERS = workers
    assert password_hashing.max_parallel_hashes() == slots


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
    full = PrioritySemaphore(slots=0, patience=0.001)
    monkeypatch.setattr(password_hashing, "_semaphore", full)
    answer = client.post(reverse(page), form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The server is busy" in answer.content.decode()
    monkeypatch.setattr(password_hashing, "_semaphore", PrioritySemaphore(slots=1))
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.django_db
def test_every_hash_goes_through_the_semaphore(client, alice, bounded, monkeypatch):
    """Signing in with a right, a wrong and an unknown name, signing up, a new password, a confirmation."""
    turns = []

    class Counting(PrioritySemaphore):
        def acquire(self, priority):
            turns.append(priority)
            return super().acquire(priority)

    monkeypatch.setattr(password_hashing, "_semaphore", Counting(slots=1))
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
