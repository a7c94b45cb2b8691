"""What needs no rows: encryption, the key of the server, where pushes may go, quiet hours."""

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from accounts.models import User
from common.public_addresses import is_public
from e2e.push_service import CURVE, Browser, to_bytes
from mysite import env
from notifications.models import DeliverySettings
from notifications.push import encryption, hosts, keys, payloads, transport
from notifications.quiet import FOREVER, quiet_until

# RFC 8291, section 5 and appendix A.
RECEIVER = int.from_bytes(to_bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = to_bytes(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_it_is_encrypted_as_the_standard_says():
    browser = Browser("", ec.derive_private_key(RECEIVER, CURVE), to_bytes(AUTH))
    assert browser.decrypt(BODY) == b"When I grow up, I want to be a watermelon"
    given = browser.to_json()["keys"]
    body = encryption.encrypt("Grüße".encode(), given["p256dh"], given["auth"])
    assert browser.decrypt(body).decode() == "Grüße"
    assert len(encryption.encrypt(b"x" * encryption.MAX_PAYLOAD, **given)) <= 4096
    with pytest.raises(ValueError):
        payloads.close(["x" * encryption.MAX_PAYLOAD], 0)


@pytest.mark.parametrize("change", [{"p256dh": "BA" + "A" * 85}, {"p256dh": "é"}, {"auth": "AAAA"}, {"auth": "!"}])
def test_keys_that_are_none_are_refused(change):
    given = Browser("").to_json()["keys"] | change
    with pytest.raises(encryption.BadKeys):
        encryption.read_keys(**given)


@pytest.fixture
def key_of(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    def read(secret=""):
        settings.VAPID_PRIVATE_KEY = secret
        keys._vapid.cache_clear()
        return keys.public_key()

    yield read
    keys._vapid.cache_clear()
    keys._authorization.cache_clear()


def test_the_key_is_made_once_and_kept_or_given(key_of, tmp_path):
    made = key_of()
    path = tmp_path / keys.FILE
    assert key_of() == made and path.stat().st_mode & 0o077 == 0
    assert key_of(path.read_text()) == made and key_of(keys.make_private_key()) != made
    with pytest.raises(ImproperlyConfigured, match="VAPID_PRIVATE_KEY"):
        key_of("x")


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://db5p.notify.windows.com/w/?token=x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://evilfcm.googleapis.com.example.org/x", False),
        ("https://notfcm.googleapis.com/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@example.org/x", False),
        ("https://fcm.googleapis.com\\@example.org/x", False),
        ("https://fcm.googleapis.com/x\r\nHost: y", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1", False),
        ("file:///push", False),
        ("", False),
    ],
)
def test_only_services_that_the_server_allows_are_asked(endpoint, known):
    assert (hosts.service_of(endpoint) is not None) is known


def test_a_whole_origin_may_be_allowed(settings):
    settings.PUSH_HOSTS = ["http://push.lan:8080"]
    service = hosts.service_of("http://push.lan:8080/x")
    assert service == hosts.Service("http://push.lan:8080", "push.lan", trusted=True)
    assert hosts.service_of("http://push.lan/x") is None and hosts.service_of("https://a.push.lan:8080/x") is None


@pytest.mark.parametrize("value", ["ftp://x", "a b", "x:80", "https://x/path"])
def test_a_setting_that_names_no_host_is_refused(value, monkeypatch):
    monkeypatch.setenv("PUSH_HOSTS", value)
    with pytest.raises(ImproperlyConfigured, match="PUSH_HOSTS"):
        env.push_hosts("PUSH_HOSTS", "")


PRIVATE = (
    "127.0.0.1 10.1.2.3 169.254.169.254 ::1 fd00::1 fe80::1%eth0 ::ffff:10.0.0.1 100.64.0.1 224.0.0.1 0.0.0.0 nothing"
)


def test_private_addresses_are_told_from_public_ones():
    assert not [address for address in PRIVATE.split() if is_public(address)]
    assert is_public("142.250.1.1") and is_public("2a00:1450::1")


def test_a_name_that_stands_for_a_private_address_leads_nowhere(monkeypatch, tmp_path):
    """Whatever else it stands for."""
    asked = []

    async def resolve(loop, host, port, **_options):
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in ("142.250.1.1", "127.0.0.1")]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", resolve)
    endpoint = "https://fcm.googleapis.com/x"
    request = transport.PushRequest(1, endpoint, hosts.service_of(endpoint), {}, b"")
    ((_request, answer),) = transport.send([request])
    assert asked == ["fcm.googleapis.com"] and (answer.status, answer.code) == (0, "ConnectError")


BERLIN = User(username="alice", time_zone="Europe/Berlin")
DAY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "end", "now", "until"),
    [
        ("22:00", "07:00", "21:30", "05:00+1"),  # 23:30 there
        ("22:00", "07:00", "03:00", "05:00"),
        ("22:00", "07:00", "05:00", ""),
        ("22:00", "07:00", "19:59", ""),
        ("12:00", "13:00", "10:00", "11:00"),
        ("12:00", "13:00", "11:00", ""),
        ("12:00", "12:00", "10:00", ""),
        ("", "", "10:00", ""),
    ],
)
def test_quiet_hours_are_those_of_where_somebody_lives(begin, end, now, until):
    chosen = DeliverySettings(
        quiet_from=time.fromisoformat(begin) if begin else None, quiet_until=time.fromisoformat(end) if end else None
    )
    clock, _, days = until.partition("+")
    expected = _at(clock) + timedelta(days=int(days or 0)) if clock else None
    assert quiet_until(BERLIN, chosen, _at(now)) == expected


@pytest.mark.parametrize(
    ("begin", "end"), [("22:00", "02:30"), ("22:00", "07:00"), ("01:00", "02:30"), ("00:30", "01:30")]
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll"])
def test_they_end_in_the_future_also_where_clocks_are_changed(zone, begin, end):
    chosen = DeliverySettings(quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end))
    person, now = User(username="alice", time_zone=zone), datetime(2026, 1, 1, tzinfo=UTC)
    quiet = 0
    while now.year == 2026:
        if until := quiet_until(person, chosen, now):
            quiet += 1
            assert timedelta(0) < until - now <= timedelta(hours=11), now
        now += timedelta(minutes=30)
    assert quiet > 300


def _at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), UTC)


def test_a_status_is_quiet_too_and_the_later_end_counts():
    chosen = DeliverySettings(quiet_from=time(22), quiet_until=time(7))
    now = datetime.now(UTC)
    person = SimpleNamespace(time_zone="", current_status=SimpleNamespace(availability="dnd", until=None))
    assert quiet_until(person, None, now) == quiet_until(person, chosen, now) == FOREVER
    person.current_status.until = _at("20:00")
    assert quiet_until(person, chosen, _at("01:00")) == _at("20:00")
    person.current_status.until = _at("02:00")
    assert quiet_until(person, chosen, _at("01:00")) == _at("07:00")
    person.current_status.availability = "away"
    assert quiet_until(person, None, now) is None
