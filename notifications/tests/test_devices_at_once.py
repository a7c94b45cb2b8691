"""Two tabs, two requests, a job: what happens to a device at the same moment is no fault."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import due
from notifications.models import PushDelivery, PushSubscription
from notifications.push import devices
from rooms.kernel.errors import ChatError
from rooms.tests.groups import in_threads

from .calls import mention

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


def faults(found: list) -> list:
    return [each for each in found if isinstance(each, Exception) and not isinstance(each, ChatError)]


def test_a_browser_is_registered_by_several_tabs(alice, bob, service):
    for number in range(1, TIMES + 1):
        given = service.subscribe().to_json()
        browser = devices.Browser(
            given["endpoint"], **given["keys"], name="Firefox", session="s", ends=timezone.now() + timedelta(days=1)
        )
        assert not faults(
            in_threads(*[lambda who=who, it=browser: devices.register(who, it) for who in (alice, bob) * 3])
        )
        assert PushSubscription.objects.count() == number


def test_a_test_is_sent_while_the_device_is_removed(alice, device):
    for _time in range(TIMES):
        key = device(alice).row.pk
        send = [lambda key=key: devices.send_test(alice, key)] * 3
        assert not faults(in_threads(*send, lambda key=key: devices.remove(alice, key)))
    assert not PushSubscription.objects.exists() and not PushDelivery.objects.exists()


def test_something_is_due_while_the_device_is_removed(alice, bob, lobby, device):
    for _time in range(TIMES):
        key = device(alice).row.pk
        mention(bob, lobby)
        assert not faults(in_threads(due.take_due.call, lambda key=key: devices.remove(alice, key)))
    assert not PushSubscription.objects.exists() and not PushDelivery.objects.exists() and not due.is_any_due()
