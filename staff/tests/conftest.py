from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from conftest import confirm


@pytest.fixture
def person_with(make_user) -> Callable[[str, ServerRole], User]:
    def make(name: str, role: ServerRole) -> User:
        user = make_user(name)
        change_role(user, role, None)
        return user

    return make


@pytest.fixture
def owner(person_with) -> User:
    return person_with("olga", ServerRole.OWNER)


@pytest.fixture
def browser(owner) -> Client:
    """Of the owner, who has just confirmed the password."""
    client = Client()
    client.force_login(owner)
    confirm(client)
    return client
