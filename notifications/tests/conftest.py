"""A push service, and people with devices."""

from datetime import timedelta

import pytest
from django.utils import timezone

from e2e.push_service import PushService, to_text
from notifications.push import devices, keys
from rooms.services import membership

from .mailing import ADDRESS, reachable


@pytest.fixture(scope="session")
def _service():
    service = PushService()
    yield service
    service.close()


@pytest.fixture
def service(_service, settings, tmp_path):
    settings.PUSH_HOSTS = [_service.origin]
    settings.VAPID_PRIVATE_KEY = to_text(b"\x01" * 32)
    settings.PUSH_AFTER = 0
    keys._vapid.cache_clear()
    keys._authorization.cache_clear()
    _service.pushes.clear()
    _service.refused.clear()
    _service.answers.clear()
    _service.held.clear()
    _service.release.clear()
    yield _service
    _service.release.set()
    keys._vapid.cache_clear()
    assert not _service.problems, _service.problems


@pytest.fixture
def device(service):
    """Registers a browser of somebody, which knows what it was told."""

    def register(user, session="s"):
        browser = service.subscribe()
        given = browser.to_json()
        ends = timezone.now() + timedelta(days=14)
        fields = devices.Browser(given["endpoint"], **given["keys"], name="Firefox", session=session, ends=ends)
        browser.row = devices.register(user, fields)
        return browser

    return register


@pytest.fixture
def lobby(alice, bob):
    room = membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_create_and_join(bob, "Lobby")
    return room


@pytest.fixture
def plans(alice, bob):
    """A private room of the two. Bob can be mailed."""
    room = membership.create_room(alice, "Plans", "private")
    membership.add_member(room, bob)
    reachable(bob, ADDRESS)
    return room
