"""Tokens by the page and the command: shown once, revoked by their owner alone, and not without number."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Token
from accounts.security.authentication import get_token_user
from conftest import confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def test_a_token_is_shown_once_works_and_can_be_revoked(signed_in, alice):
    confirm(signed_in)
    made = signed_in.post(reverse("tokens"), {"name": "backup", "scope": "full", "days": "90"})
    secret = re.search(r'value="(rt_\w+)"', made.content.decode())[1]
    assert get_token_user(secret) == alice
    assert "no-store" in made["Cache-Control"]
    page = signed_in.get(reverse("tokens")).content.decode()
    assert "backup" in page
    assert secret not in page
    signed_in.post(reverse("revoke_token", args=[Token.objects.get().id]))
    assert get_token_user(secret) is None


def test_nobody_revokes_the_token_of_another(signed_in, bob):
    token, secret = Token.issue(bob, "bobs")
    assert signed_in.post(reverse("revoke_token", args=[token.id])).status_code == 404
    assert signed_in.get(reverse("revoke_token", args=[token.id])).status_code == 405
    assert get_token_user(secret) == bob
    assert "bobs" not in signed_in.get(reverse("tokens")).content.decode()


def test_there_is_a_limit_of_tokens(signed_in, alice):
    confirm(signed_in)
    for number in range(20):
        Token.issue(alice, str(number))
    answer = signed_in.post(reverse("tokens"), {"name": "one more"})
    assert answer.status_code == 400
    assert Token.objects.count() == 20


def test_the_command_prints_a_token(alice, capsys):
    call_command("token", "ALICE", "--name", "cron")
    assert get_token_user(capsys.readouterr().out.strip()) == alice
    assert Token.objects.get().name == "cron"
    with pytest.raises(CommandError, match="No user is called 'nobody'"):
        call_command("token", "nobody")
