"""The account pages speak German to whoever asks for it, in full."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db
BASE = Path(settings.BASE_DIR)
MARKED = (
    re.compile(r"""\{% translate (["'])(.+?)\1"""),
    re.compile(r"""\{% blocktranslate.*?trimmed %\}()(.+?)\{% endblocktranslate""", re.S),
)


def marked_in_templates() -> set[str]:
    found = set()
    for path in [*(BASE / "templates" / "account").glob("*.html"), BASE / "templates" / "429.html"]:
        for pattern in MARKED:
            texts = {" ".join(text.split()) for _quote, text in pattern.findall(path.read_text())}  # as `trimmed` does
            found |= {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", text) for text in texts}
    return found


def marked_in_code() -> set[str]:
    return {
        text
        for path in (BASE / "accounts").rglob("*.py")
        if path.parent.name != "tests"
        for text in re.findall(r'\b_\("(.+?)"\)', path.read_text())
    }  # fmt: skip


# The same in both languages.
ALIKE = {"Administrator", "Bots", "Moderator", "Name", "Status", "System", "Token", "Tokens", "name", "status"}


def test_every_text_has_a_translation():
    texts = marked_in_templates() | marked_in_code()
    assert len(texts) > 80
    with translation.override("de"):
        untranslated = {text for text in texts - ALIKE if translation.gettext(text) == text}
    assert untranslated == set()


@pytest.mark.parametrize(
    ("page", "says"),
    [("account_login", "Neu hier?"), ("account_signup", "Noch einmal dasselbe Passwort")],
)
def test_a_visitor_is_spoken_to_in_the_language_of_the_browser(client, page, says):
    answer = client.get(reverse(page), headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert says in answer.content.decode()
    assert '<html lang="de"' in answer.content.decode()


def test_mistakes_are_told_in_german_too(client, alice):
    client.cookies["django_language"] = "de"
    answer = client.post(reverse("account_signup"), {"username": "alice", "password1": "12345678", "password2": "x"})
    page = answer.content.decode()
    assert "Dieser Name ist vergeben. Wähle einen anderen." in page
    assert "Dieses Passwort" in page
