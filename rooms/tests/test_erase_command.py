"""Erasing a person by the command."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from rooms.models import Message
from rooms.privacy import erasure
from rooms.services import membership, messages

from .zerlinda import NAME, WORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "no_pauses")]


def test_the_command_erases_and_asks_before(monkeypatch, zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    monkeypatch.setattr("builtins.input", lambda _question: "bob")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("eraseperson", NAME, stdout=io.StringIO())
    assert User.objects.filter(username=NAME, is_active=True).exists()
    monkeypatch.setattr("builtins.input", lambda _question: NAME)
    out = io.StringIO()
    call_command("eraseperson", NAME, stdout=out)
    assert "1 messages are deleted" in out.getvalue() and "Erased." in out.getvalue()
    assert Message.objects.get(sender=zerlinda).deleted
    with pytest.raises(CommandError, match="No person is called"):
        call_command("eraseperson", NAME, "--yes")


def test_the_command_goes_on_with_what_was_begun(zerlinda, bob):
    membership.get_or_create_and_join(bob, "Lobby")
    messages.post(zerlinda, "lobby", WORD)
    erasure.begin(zerlinda)
    out = io.StringIO()
    call_command("eraseperson", NAME, "--yes", "--keep-messages", stdout=out)
    assert "Continuing" in out.getvalue() and Message.objects.get(sender=zerlinda).deleted


def test_the_command_refuses_whom_it_must_not_erase(zerlinda, bot_user):
    User.objects.filter(pk=zerlinda.pk).update(is_superuser=True)
    with pytest.raises(CommandError, match="only administrator"):
        call_command("eraseperson", NAME, "--yes")
    with pytest.raises(CommandError, match="No person is called"):
        call_command("eraseperson", bot_user.username, "--yes")
