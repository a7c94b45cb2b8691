import secrets
from urllib.parse import quote

import pytest
from django.db import connection

from .installation import Installation


@pytest.fixture
def make_installation(tmp_path):
    """make_installation(name, database=""): an empty one."""
    return lambda name, database="": Installation(tmp_path / name, database)


@pytest.fixture
def empty_database(transactional_db):
    """The URL of an empty database beside the one of the tests; "" with SQLite, where each folder has its own."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name, given = f"backup_{secrets.token_hex(6)}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    # A socket's folder is encoded, too.
    where = f"{quote(given['HOST'] or 'localhost', safe='')}:{given['PORT'] or 5432}"
    yield f"postgres://{quote(given['USER'])}:{quote(given['PASSWORD'])}@{where}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
