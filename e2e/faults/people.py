"""Run with the settings of a stack: makes people with tokens, and rooms they are in. Prints them as JSON.

python -m e2e.faults.people PEOPLE ROOMS
"""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Token, User  # noqa: E402
from rooms.models import Membership, Room  # noqa: E402


def main(count: int, rooms: int) -> None:
    people = User.objects.bulk_create([User(username=f"person{n}", password="!") for n in range(count)])
    secrets = [f"rt_fault_{n}" for n in range(count)]
    tokens = [Token(user=user, name="fault", digest=Token.hash(s)) for user, s in zip(people, secrets, strict=True)]
    Token.objects.bulk_create(tokens)
    made = Room.objects.bulk_create([Room(name=f"room{n}", title=f"Room {n}") for n in range(rooms)])
    places = [(made[n % rooms], user) for n, user in enumerate(people)]
    Membership.objects.bulk_create([Membership(room=room, user=user) for room, user in places])
    browser = Client()
    browser.force_login(people[0])
    name = settings.SESSION_COOKIE_NAME
    print(
        json.dumps(
            {
                "people": [
                    {"id": user.id, "name": user.username, "token": secret, "room": room.name}
                    for (room, user), secret in zip(places, secrets, strict=True)
                ],
                "rooms": [room.name for room in made],
                "cookie": f"{name}={browser.cookies[name].value}",
            }
        )
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
