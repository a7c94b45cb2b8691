"""What another app shares where no service worker takes it: a page with a form that works."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rooms.kernel.protocol import MAX_TEXT
from rooms.models import Message
from rooms.services import archiving, direct_messages, membership

pytestmark = pytest.mark.django_db
SHARED = {"title": "Tea", "text": "Tea for <two>\x00", "url": "https://example.org/tea"}


@pytest.fixture
def strict(alice):
    """As a browser: without a token of ours, a form changes nothing."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    return client


def test_what_comes_without_a_worker_is_offered_in_a_form_and_not_sent(strict, lobby, alice, bob):
    closed = membership.get_or_create_and_join(alice, "Closed")
    archiving.archive(alice, closed.name)
    direct_messages.get_or_create_direct_message(alice, "bob")
    before = Message.objects.count()
    page = strict.post(reverse("share"), SHARED)
    text = page.content.decode()
    assert page.status_code == 200 and Message.objects.count() == before
    assert ">Tea for &lt;two&gt;\nhttps://example.org/tea</textarea>" in text  # the title is in the text already
    assert 'value="lobby"' in text and 'value="closed"' not in text and ">bob</span>" in text
    assert "Files came with it" not in text and "Nothing is shared" not in text
    photo = SimpleUploadedFile("photo.jpg", b"x", "image/jpeg")
    assert "Files came with it" in strict.post(reverse("share"), {"files": photo}).content.decode()


def test_the_form_sends_it_where_one_says(strict, lobby, alice):
    page = strict.post(reverse("share"), SHARED)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    form = {"csrfmiddlewaretoken": token, "message": "Tea for two", "to": "lobby"}
    assert strict.post(reverse("send_shared"), form).url == reverse("room", args=["lobby"])
    assert Message.objects.latest("pk").text == "Tea for two"
    for wrong, said in (({"to": "nowhere"}, 404), ({"message": ""}, 400), ({"message": "x" * (MAX_TEXT + 1)}, 413)):
        refused = strict.post(reverse("send_shared"), form | wrong)
        assert refused.status_code == said and 'role="alert"' in refused.content.decode()
    assert "Tea for two" in strict.post(reverse("send_shared"), form | {"to": "nowhere"}).content.decode()
    assert Message.objects.filter(kind="human").count() == 1


def test_another_site_cannot_send_with_it(strict, lobby):
    assert strict.post(reverse("send_shared"), {"message": "hi", "to": "lobby"}).status_code == 403
    assert not Message.objects.filter(kind="human").exists()


def test_whoever_is_not_signed_in_is_asked_to(client):
    assert client.post(reverse("share"), SHARED).url == "/accounts/login/?next=/share/"
