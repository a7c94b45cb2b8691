"""Which names people cannot take, and which they can."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from accounts.usernames import RESERVED_USERNAMES, is_reserved, skeleton
from conftest import PASSWORD


@pytest.mark.parametrize("name", sorted(RESERVED_USERNAMES))
def test_however_it_is_spelled(name):
    spellings = [name, name.upper(), f"_{name}_", ".".join(name), "-".join(name), name.title()]
    spellings.append("".join(chr(ord(char) + 0xFEE0) for char in name))  # full width
    assert all(is_reserved(spelling) for spelling in spellings)


@pytest.mark.parametrize("name", ["adm1n", "b0t", "0fficial", "m0d3rat0r", "r00t", "roundtab1e", "5upport", "4ll"])
def test_digits_that_look_like_letters_do_not_help(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name", ["alice", "ali", "Ali", "adminton", "robot", "abbot", "helpful", "rooty", "mods2", "me2", "allison"]
)
def test_names_that_only_contain_one_are_free(name):
    assert not is_reserved(name, bots=["bot", "bert"])


def test_bots_names_are_theirs():
    assert is_reserved("Be.rt_", bots=["bert"])
    assert not is_reserved("bertha", bots=["bert"])
    assert skeleton("B-o_t") == "bot"


@pytest.mark.django_db
def test_a_stranger_takes_no_bots_name_and_holders_keep_theirs(client, make_user):
    make_user("bert", is_bot=True)
    make_user("admin")
    form = {"username": "bert_", "password1": "many horses 7", "password2": "many horses 7"}
    assert "This name is reserved" in client.post(reverse("account_signup"), form).content.decode()
    assert client.post(reverse("account_login"), {"login": "admin", "password": PASSWORD}).status_code == 302


@pytest.mark.django_db
def test_an_administrator_gives_any_name(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "many horses 7")
    call_command("createsuperuser", "--noinput", username="root", email="")
    assert User.objects.get(username="root").is_superuser
