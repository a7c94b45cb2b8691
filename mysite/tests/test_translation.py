"""The German texts: whole, and compiled as they are written."""

import ast
import gettext
import re
from pathlib import Path

from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale/de/LC_MESSAGES/django.po"


def entries() -> dict[str, list[str]]:
    """What the .po file says: text → its translations (several for plurals)."""
    found = {}
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n"):
        fields = re.findall(r'^(msgid|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', block, re.MULTILINE)
        texts = [
            (name, "".join(map(ast.literal_eval, value.split("\n")[: value.rstrip().count("\n") + 1])))
            for name, value in fields
        ]
        if texts and texts[0][1]:
            found[texts[0][1]] = [value for name, value in texts if name != "msgid"]
    return found


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def test_every_text_is_translated_with_the_same_placeholders():
    assert len(entries()) > 250
    for text, translations in entries().items():
        for translation in translations:
            assert translation, f"{text!r} has no translation"
            assert set(placeholders(translation)) <= set(placeholders(text)) | {"%(number)s"}, text


def test_what_is_compiled_is_what_is_written():
    """After a change of the .po file: manage.py compilemessages."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text, translations in entries().items():
        if len(translations) == 1:
            assert compiled.gettext(text) == translations[0]


def test_every_text_of_the_templates_and_scripts_is_in_the_catalogue():
    """After a new text: manage.py makemessages -l de, and a translation."""
    known = entries()
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        for _quote, text in re.findall(r"""\{% translate (["'])(.*?)\1""", path.read_text()):
            assert text in known, f"{path.name}: {text}"
    source = (Path(settings.BASE_DIR) / "rooms/client_texts.py").read_text()
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_":
            assert call.args[0].value in known
