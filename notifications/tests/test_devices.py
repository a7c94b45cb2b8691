"""Devices: registered by the browser that is signed in there, listed, tried, removed, and gone with its session."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.device_names import name_of
from accounts.models import Token
from e2e.push_service import to_bytes
from notifications.models import DeliverySettings, PushDelivery, PushSubscription
from notifications.push import devices, keys
from rooms.models import Erasure
from rooms.privacy import erasure
from rooms.privacy.personal_data import iter_sections
from rooms.services import direct_messages, messages

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def settings_page(signed_in):
    return lambda: signed_in.get(reverse("settings_notifications")).text


def register(client, browser, **more):
    given = browser.to_json() | more
    return client.post("/api/me/devices", given, "application/json", headers={"User-Agent": FIREFOX})


def test_a_browser_registers_and_is_listed_and_removed(signed_in, service):
    key = signed_in.get("/api/me/devices/key").json()["key"]
    assert len(to_bytes(key)) == 65 and key == keys.public_key()
    browser = service.subscribe()
    made = register(signed_in, browser)
    assert made.status_code == 201
    again = register(signed_in, browser, name="My\u0000 laptop")
    assert again.json() == made.json() | {"name": "My laptop"} and made.json()["name"] == "Firefox on Linux"
    (listed,) = signed_in.get("/api/me/devices").json()["devices"]
    assert listed == again.json() and listed["last_used"] is None
    address = f"/api/me/devices/{listed['id']}"
    assert signed_in.post(f"{address}/test", {}, "application/json").status_code == 202
    assert PushDelivery.objects.get().notification == 0
    assert signed_in.delete(address).status_code == 204 and signed_in.delete(address).status_code == 404
    assert not PushDelivery.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"endpoint": "https://example.org/push"}, 400),
        ({"endpoint": 7}, 400),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, 400),
        ({"keys": "x"}, 400),
        ({"color": "red"}, 400),
        ({"name": ["x"]}, 400),
    ],
)
def test_what_no_browser_says_is_refused(change, status, signed_in, service):
    assert register(signed_in, service.subscribe(), **change).status_code == status
    assert not PushSubscription.objects.exists()


def test_a_token_registers_no_device(alice, service):
    _token, secret = Token.issue(alice, "script")
    bearer = Client(headers={"Authorization": f"Bearer {secret}"})
    assert register(bearer, service.subscribe()).status_code == 403
    assert bearer.get("/api/me/devices").json() == {"devices": []}


def test_it_belongs_to_whoever_is_signed_in_there_now(signed_in, bob, service):
    browser = service.subscribe()
    register(signed_in, browser)
    other = Client()
    other.force_login(bob)
    register(other, browser)
    assert PushSubscription.objects.get().user == bob
    assert signed_in.delete(f"/api/me/devices/{PushSubscription.objects.get().pk}").status_code == 404


def test_the_least_used_makes_room(alice, device, monkeypatch):
    monkeypatch.setattr(devices, "MOST", 2)
    first, second = device(alice), device(alice)
    PushSubscription.objects.filter(pk=first.row.pk).update(last_used=timezone.now())
    third = device(alice)
    assert {each.pk for each in devices.devices_of(alice.pk)} == {first.row.pk, third.row.pk}
    assert second.row.pk


def test_it_ends_with_its_session_and_all_end_with_a_new_password(signed_in, alice, bob, device, service):
    register(signed_in, service.subscribe())
    other = Client()
    other.force_login(alice)
    register(other, service.subscribe())
    device(bob)
    signed_in.post(reverse("account_logout"))
    assert PushSubscription.objects.filter(user=alice).count() == 1
    alice.set_password("quite another 1")
    alice.save()
    assert not PushSubscription.objects.filter(user=alice).exists()
    device(alice)
    alice.is_active = False
    alice.save()
    assert PushSubscription.objects.get().user == bob


def test_one_whose_session_has_run_out_is_removed(signed_in, service):
    register(signed_in, service.subscribe())
    ends = PushSubscription.objects.get().ends
    assert abs(ends - Session.objects.get().expire_date) < timedelta(minutes=1)
    devices.remove_ended()
    assert PushSubscription.objects.exists()
    PushSubscription.objects.update(ends=timezone.now() - timedelta(seconds=1))
    assert not devices.devices_of(PushSubscription.objects.get().user_id)
    PushSubscription.objects.update(ends=timezone.now() - devices.REMEMBERED - timedelta(seconds=1))
    devices.remove_ended()
    assert not PushSubscription.objects.exists() and not mail.outbox


def test_the_page_lists_them_and_tries_and_removes_them(signed_in, settings_page, alice, device, service):
    assert "None of your devices" in settings_page()
    register(signed_in, service.subscribe())
    there = device(alice).row
    page = settings_page()
    assert page.count("(this device)") == 1 and page.count("Firefox") == 6
    assert "A test is on its way." in signed_in.post(reverse("test_device", args=[there.pk]), follow=True).text
    assert "The device is removed." in signed_in.post(reverse("remove_device", args=[there.pk]), follow=True).text
    assert "not registered" in signed_in.post(reverse("remove_device", args=[there.pk]), follow=True).text
    assert PushSubscription.objects.count() == 1


def test_the_page_keeps_quiet_hours_and_who_may_disturb(signed_in, settings_page, alice, bob, charlie):
    room = direct_messages.get_or_create_direct_message(bob, "alice")
    messages.post(bob, room.name, "hi")
    assert f'value="{bob.pk}"' in settings_page() and f'value="{charlie.pk}"' not in settings_page()
    fields = {"quiet_from": "22:00", "quiet_until": "07:30", "exceptions": [bob.pk]}
    assert signed_in.post(reverse("quiet_hours"), {"content": "chosen", "live": "yes"}).status_code == 204
    signed_in.post(reverse("quiet_hours"), fields)
    chosen = DeliverySettings.objects.get()
    assert (str(chosen.quiet_from), str(chosen.quiet_until), chosen.push_content) == ("22:00:00", "07:30:00", False)
    assert list(chosen.exceptions.all()) == [bob]
    page = settings_page()
    assert 'value="22:00"' in page and 'value="07:30"' in page
    for wrong in (
        {"quiet_until": ""},
        {"quiet_from": "25:00"},
        {"exceptions": [charlie.pk]},
        {"exceptions": ["9" * 30]},
    ):
        assert 'error" role="status"' in signed_in.post(reverse("quiet_hours"), fields | wrong, follow=True).text
    again = DeliverySettings.objects.get()
    assert list(again.exceptions.all()) == [bob] and again.quiet_until == chosen.quiet_until
    signed_in.post(reverse("quiet_hours"), {"content": "chosen", "push_content": "on"})
    again.refresh_from_db()
    assert again.push_content and list(again.exceptions.all()) == [bob] and again.quiet_until == chosen.quiet_until


def test_it_is_exported_and_erased(alice, bob, device, service):
    device(alice)
    DeliverySettings.objects.create(user=alice).exceptions.add(bob)
    DeliverySettings.objects.create(user=bob).exceptions.add(alice)
    devices.send_test(alice, PushSubscription.objects.get().pk)
    found = {section.key: section.rows for section in iter_sections(alice)}
    assert found["delivery_settings"]["quiet_exceptions"] == "bob"
    assert [each["name"] for each in found["devices"]] == ["Firefox"] and len(list(found["pushes"])) == 1
    erasure.begin(alice)
    while erasure.run_next_batch() and Erasure.objects.get().step != erasure.FINAL_STEP:
        pass
    assert not PushSubscription.objects.exists() and not PushDelivery.objects.exists()
    assert DeliverySettings.objects.get().user == bob and not bob.delivery_settings.exceptions.exists()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (FIREFOX.replace("Firefox", "Chrome").replace("X11; Linux", "Linux; Android 15"), "Chrome on Android"),
        ("curl/8", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_device_is_called_as_its_browser_says(user_agent, name):
    assert name_of(user_agent) == name
