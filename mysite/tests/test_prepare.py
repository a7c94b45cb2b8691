"""What is made before the first page."""

import pytest
from django.db import connection

from mysite import prepare
from mysite.supervisor.errors import CannotStart
from rooms.services import membership


def test_a_new_database_is_its_owners_alone_and_an_old_one_stays_as_it_is(tmp_path):
    path = tmp_path / "chat.sqlite3"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
    prepare.create_database_file(database)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"what was said")
    path.chmod(0o640)
    prepare.create_database_file(database)
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == b"what was said"


@pytest.mark.django_db
def test_a_search_index_that_is_not_filled_yet_is_due(alice):
    """Whoever was ended while it was filled had finished the migrations."""
    assert prepare._count_pending_steps() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_index_state SET next_id = 1")
    assert prepare._count_pending_steps() == 1
    with pytest.raises(CannotStart):
        prepare.migrate_database(False, print)
    lines = []
    prepare.migrate_database(True, lines.append)
    assert lines == ["Preparing the database (1 steps)…"]
    assert prepare._count_pending_steps() == 0


@pytest.mark.django_db
def test_a_new_server_gets_a_lobby_and_says_so(alice):
    lines = []
    prepare.create_first_room(lines.append)
    prepare.create_first_room(lines.append)
    assert lines == ["Created the room Lobby."]
    assert membership.get_or_join(alice, "lobby")[1].role == "owner"
