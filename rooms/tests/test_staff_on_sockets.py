"""Who is no longer staff has no rights of staff on sockets that are open."""

import pytest

from accounts.role_changes import change_role
from accounts.roles import ServerRole
from rooms.kernel.slugs import EVERYONE
from rooms.publishing import events
from rooms.publishing.payloads import PersonChanged
from rooms.realtime import user_cache

pytestmark = pytest.mark.django_db


def test_every_process_is_told_and_the_socket_knows(alice, bob, monkeypatch, django_capture_on_commit_callbacks):
    change_role(bob, ServerRole.OWNER, None)
    change_role(alice, ServerRole.ADMIN, bob)
    told = []
    monkeypatch.setattr(events, "_after_commit", lambda group, payload: told.append((group, payload)))
    with django_capture_on_commit_callbacks(execute=True):
        change_role(alice, ServerRole.MEMBER, bob)
    changes = [payload for group, payload in told if group == EVERYONE and isinstance(payload, PersonChanged)]
    assert [(change.user, change.is_staff) for change in changes] == [(alice.pk, False)]
    of_socket = type(alice)(pk=alice.pk, username="alice", is_staff=True)
    user_cache.apply(changes[0], of_socket)
    assert not of_socket.is_staff


def test_what_an_older_version_tells_changes_no_rights(alice):
    alice.is_staff = True
    user_cache.apply(PersonChanged(user=alice.pk, display_name="Al"), alice)
    assert alice.is_staff
