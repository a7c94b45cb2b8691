"""Roundtable as an app: what a browser asks for that installs it, and that opens it without a connection."""

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

pytestmark = pytest.mark.django_db


def test_the_manifest_is_in_the_readers_language_and_names_pictures_of_the_size_it_says(client, django_db_blocker):
    with django_db_blocker.block():  # nothing of anybody is read for it
        answers = {each: client.get(reverse("manifest"), headers={"Accept-Language": each}) for each in ("en", "de")}
    assert answers["en"].headers["content-type"] == "application/manifest+json"
    assert "private" in answers["en"].headers["cache-control"]
    names = {language: [each["name"] for each in answer.json()["shortcuts"]] for language, answer in answers.items()}
    assert names == {"en": ["Inbox", "New message"], "de": ["Posteingang", "Neue Nachricht"]}
    icons = answers["en"].json()["icons"]
    assert {each["purpose"] for each in icons} == {"any", "maskable", "monochrome"}
    for icon in icons:
        path = finders.find(icon["src"].removeprefix("/static/"))
        if icon["type"] == "image/png":
            with Image.open(path) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]
                assert (picture.convert("RGBA").getpixel((0, 0))[3] == 255) is (icon["purpose"] == "maskable")


def test_every_page_names_what_a_phone_needs(client):
    page = client.get(reverse("account_login")).content.decode()
    assert f'href="{reverse("manifest")}" crossorigin="use-credentials"' in page
    assert 'rel="apple-touch-icon"' in page
    assert page.index("prefers-color-scheme: dark") < page.index('content="#ffffff"')  # the first that fits counts
    for theme, media in (("dark", "all"), ("light", "not all")):
        client.cookies["theme"] = theme
        assert f'media="{media}"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    ("address", "said"),
    [("?language=de", "Antworten"), ("", "Reply"), ("?language=xx", "Reply"), ("?language=%00", "Reply")],
)
def test_the_worker_has_words_in_the_language_that_its_address_names(client, address, said):
    text = client.get(reverse("service_worker") + address).content.decode()
    assert f'"reply":"{said}"' in text
