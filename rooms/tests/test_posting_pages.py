"""Posting by the form of a page, without a script: once, and what cannot be posted is said and kept."""

import re
import uuid

import pytest

from rooms.models import Message
from rooms.services import membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


def test_posting_works_without_a_script_and_twice_is_once(signed_in, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    form = {"message": "from the **form**", "id": str(uuid.uuid4())}
    for _ in range(2):
        assert signed_in.post("/chat/lobby/", form).headers["location"] == "/chat/lobby/"
    assert "from the <strong>form</strong>" in signed_in.get("/chat/lobby/").content.decode()
    assert Message.objects.count() == 1


def test_what_cannot_be_posted_is_said_and_kept(signed_in, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    response = signed_in.post("/chat/lobby/", {"message": "long " * 2000})
    assert response.status_code == 413
    assert "characters too long" in response.content.decode()
    assert "long long long" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"id": "nonsense"}, "The page was out of date. Send the message again."),
        ({"id": "\0"}, "The page was out of date. Send the message again."),
    ],
)
def test_what_a_broken_form_holds_is_kept_and_its_fault_said(signed_in, alice, fields, says):
    membership.get_or_create_and_join(alice, "Lobby")
    response = signed_in.post("/chat/lobby/", {"message": "what was typed"} | fields)
    page = response.content.decode()
    assert response.status_code == 400
    assert says in page
    assert "what was typed" in page
    again = re.search(r'name="id" value="([^"]+)"', page)[1]
    assert signed_in.post("/chat/lobby/", {"message": "what was typed", "id": again}).status_code == 302
    assert Message.objects.get().text == "what was typed"


def test_posting_nothing_is_said_too(signed_in, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    response = signed_in.post("/chat/lobby/")
    assert response.status_code == 400
    assert "The message is empty." in response.content.decode()
