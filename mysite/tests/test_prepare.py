"""What is made before the first page."""

import pytest

from mysite.serve import prepare
from rooms import membership


def test_a_new_database_is_its_owners_alone_and_an_old_one_stays_as_it_is(tmp_path):
    path = tmp_path / "chat.sqlite3"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    prepare.database_file(database)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"what was said")
    path.chmod(0o640)
    prepare.database_file(database)
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == b"what was said"


@pytest.mark.django_db
def test_a_new_server_gets_a_lobby_and_says_so(alice):
    lines = []
    prepare.first_room(lines.append)
    prepare.first_room(lines.append)
    assert lines == ["Created the room Lobby."]
    assert membership.enter(alice, "lobby")[1].role == "owner"
