"""Names of people are remembered, and an old name is better than none."""

import pytest
from django.db import OperationalError

from rooms.realtime import user_cache as module

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(module, "_known", {})


@pytest.fixture
def away(monkeypatch):
    """Call it, and the database does not answer any more."""

    def fail(_ids):
        raise OperationalError("the server closed the connection")

    return lambda: monkeypatch.setattr(module, "_load", fail)


async def test_an_old_name_does_while_the_database_is_away(alice, bob, away, monkeypatch):
    monkeypatch.setattr(module, "TTL", -1.0)  # too old at once
    known = await module.people([alice.id, bob.id])
    away()
    assert await module.people([alice.id, bob.id]) == known


async def test_who_was_never_known_has_no_name_then(alice, bob, away):
    await module.people([alice.id])
    away()
    assert [person["name"] for person in await module.people([alice.id])] == ["alice"]
    with pytest.raises(OperationalError):
        await module.people([alice.id, bob.id])
