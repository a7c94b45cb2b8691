"""Whom what concerns, against a model: every kind of room, role, level, mute, block, event and end, in any order."""

import pytest

from presence import sync_client
from presence.types import PresenceStatus
from rooms.models import Membership, Role
from rooms.services import audiences, people_groups

from .notification_play import Play

pytestmark = pytest.mark.django_db

STEPS = 45


@pytest.mark.parametrize("seed", range(4))
def test_everybody_hears_of_what_concerns_them_and_of_nothing_else(seed, alice, bob, make_user, fast, monkeypatch):
    users = {"alice": alice, "bob": bob} | {name: make_user(name) for name in ("carol", "dave")}
    robot = make_user("robot", is_bot=True)
    staff = make_user("staff_person", is_staff=True)
    people_groups.create(staff, "design")
    for name in ("bob", "dave"):
        people_groups.add(staff, "design", name)
    monkeypatch.setattr(audiences, "FEW", seed % 2)  # by a job, or at once where it is one person
    monkeypatch.setattr(audiences, "BATCH_SIZE", 2)
    play = Play(seed, users, robot)
    ids = {user.id: name for name, user in users.items()}

    def get_status(wanted):
        return {id: PresenceStatus(here=ids.get(id) in play.world.here) for id in wanted}

    monkeypatch.setattr(sync_client, "get_status", get_status)
    steps: list[str] = []
    for _step in range(STEPS):
        steps.append(play.step())
        play.check(steps)
    assert play.taken > STEPS / 2 and Membership.objects.filter(role=Role.OWNER).count() == 2
