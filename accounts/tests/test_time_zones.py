"""Where somebody lives is what their browser said last."""

import pytest

from accounts.time_zones import find_time_zone, remember_time_zone
from rooms.services import membership

pytestmark = pytest.mark.django_db


def test_it_is_written_down_when_it_changes(django_user_model, django_assert_num_queries):
    user = django_user_model.objects.create_user("traveller")
    remember_time_zone(user, "Europe/Berlin")
    user.refresh_from_db()
    assert user.time_zone == "Europe/Berlin"
    with django_assert_num_queries(0):
        remember_time_zone(user, "Europe/Berlin")
    remember_time_zone(user, "Asia/Tokyo")
    user.refresh_from_db()
    assert user.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "x" * 5000, "a\0b", "Europe"]
)
def test_what_is_no_zone_changes_nothing(django_user_model, name):
    user = django_user_model.objects.create_user("traveller", time_zone="UTC")
    remember_time_zone(user, name)
    user.refresh_from_db()
    assert (user.time_zone, find_time_zone(name)) == ("UTC", None)


def test_it_is_heard_at_a_sign_in_and_written_by_no_page(django_user_model, client):
    user = django_user_model.objects.create_user("traveller", password="correct horse")
    membership.create_room(user, "Lobby", "public")
    client.force_login(user)
    client.cookies["zone"] = "America/New_York"
    assert client.get("/chat/lobby/").status_code == 200
    user.refresh_from_db()
    assert user.time_zone == ""
    client.logout()
    client.cookies["zone"] = "America/New_York"
    client.post("/accounts/login/", {"login": "traveller", "password": "correct horse"})
    user.refresh_from_db()
    assert user.time_zone == "America/New_York"
