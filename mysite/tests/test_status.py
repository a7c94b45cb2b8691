"""What staff see of the state of the server, and nobody else."""

import urllib.error
import urllib.request

import pytest

from accounts.models import Token
from rooms.services import membership
from rooms.tests.conftest import hub, web, within  # noqa: F401
from rooms.tests.live import cookie

pytestmark = pytest.mark.django_db(transaction=True)


def get(process, path: str, **headers) -> tuple[int, str]:
    request = urllib.request.Request(process.origin + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def token(make_user) -> str:
    return Token.issue(make_user("admin", is_staff=True), "prometheus")[1]


def test_staff_see_people_sockets_and_overload(web, alice, token):  # noqa: F811
    membership.get_or_create_and_join(alice, "Lobby")
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        status, body = get(web, "/healthz", Authorization=f"Bearer {token}")
        assert status == 200
        assert '"sockets": 1' in body
        assert '"overloaded": false' in body
        status, body = get(web, "/metrics", Authorization=f"Bearer {token}")
    assert status == 200
    assert "roundtable_sockets 1.0" in body
    assert 'roundtable_jobs{state="waiting"} 0.0' in body
    assert 'roundtable_mails{state="waiting"} 0.0' in body
    assert 'roundtable_push{state="refused"} 0.0' in body and "roundtable_push_oldest_seconds 0.0" in body
    assert "roundtable_overloaded 0.0" in body


def test_staff_see_who_was_closed_and_what_was_refused(web, hub, within, token):  # noqa: F811
    within(hub.connection_limiter.count_offence, "frames", 7, "203.0.113.7")
    within(lambda: [hub.connection_limiter.check_account(7) for _ in range(61)])
    answer = get(web, "/healthz", Authorization=f"Bearer {token}")[1]
    assert '"offenders": {"account 7": 1, "address 203.0.113.7": 1}' in answer
    answer = get(web, "/metrics", Authorization=f"Bearer {token}")[1]
    assert 'roundtable_sockets_closed_total{what="frames"} 1.0' in answer
    assert 'roundtable_handshakes_refused_total{why="account"} 1.0' in answer


def test_nobody_else_does(web, alice):  # noqa: F811
    for headers in ({}, {"Cookie": cookie(alice)}, {"Authorization": "Bearer rt_wrong"}):
        assert "details" not in get(web, "/healthz", **headers)[1]
        assert get(web, "/metrics", **headers)[0] == 403
