"""A job worker is killed while it sends: what was told is not told again, and the rest is, by whoever comes next."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mysite.tests.waiting import PATIENCE
from notifications.models import DeliveryState, PushDelivery
from notifications.push import sending
from rooms.services import messages


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_was_sending_is_sent_by_another(
    alice, bob, lobby, device, service, tmp_path, redis_server
):
    phone, tablet = device(alice, "phone"), device(alice, "tablet")
    messages.post(bob, lobby.name, "@alice lunch?")
    service.held.add(tablet.endpoint)
    environment = {
        "PATH": os.environ["PATH"],
        "ROUNDTABLE_NO_DOTENV": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "REDIS_URL": settings.REDIS_URLS[0],
        "SECRET_KEY": "only-for-tests",
        "PUSH_HOSTS": service.origin,
        "VAPID_PRIVATE_KEY": settings.VAPID_PRIVATE_KEY,
    }
    command = [sys.executable, "manage.py", "runjobs"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as worker:
        assert service.reached.acquire(timeout=PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while not PushDelivery.objects.filter(state=DeliveryState.TOLD).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        worker.kill()
    (told,) = service.shown(phone)
    waiting = PushDelivery.objects.get(due__isnull=False)
    assert (waiting.subscription_id, waiting.state) == (tablet.row.pk, DeliveryState.WAITING)
    service.held.clear()
    sending.send_waiting.call()
    assert service.shown(tablet) == []  # it is held for the one that died
    PushDelivery.objects.filter(pk=waiting.pk).update(due=timezone.now())
    sending.send_waiting.call()
    assert service.shown(tablet) == service.shown(phone) == [told]
