"""The German texts: whole, and compiled as they are written."""

import ast
import gettext
import re
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(settings.BASE_DIR)
CATALOGUE = BASE / "locale/de/LC_MESSAGES/django.po"
APPS = (
    "accounts",
    "audit",
    "backups",
    "bot",
    "common",
    "files",
    "jobs",
    "mysite",
    "notifications",
    "presence",
    "rooms",
    "site_settings",
    "staff",
)
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
# Wording that was replaced: not the standard terms, or not as an English speaker would put it.
REPLACED = (
    "account closed", "and talks", "broke off", "by itself", "codes for an emergency", "come in", "it goes on",
    "make an account", "make the account", "model's server has", "second factor", "see to it", "take out of",
    "telephone", "to the rooms",
)  # fmt: skip


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


def test_nothing_is_left_for_later():
    assert "#, fuzzy" not in CATALOGUE.read_text(encoding="utf-8")
    assert "\n#~ " not in CATALOGUE.read_text(encoding="utf-8")


def test_every_text_of_the_templates_is_in_the_catalogue():
    """After a new text: an entry in the .po file by hand, and manage.py compilemessages."""
    paths = [path for kind in ("html", "txt") for path in (BASE / "templates").rglob(f"*.{kind}")]
    texts = {text for path in paths for text in marked_in_template(path)}
    assert len(texts) > 150
    assert texts - entries().keys() == set()


def test_every_text_of_the_code_is_in_the_catalogue():
    paths = [path for app in APPS for path in (BASE / app).rglob("*.py") if path.parent.name != "tests"]
    texts = {text for path in paths for text in marked_in_code(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(texts) > 200
    assert texts - entries().keys() == set()


def test_replaced_wording_does_not_come_back():
    templates = [re.sub(r"\{#.*?#\}", "", path.read_text("utf-8")) for path in (BASE / "templates").rglob("*.*")]
    texts = [text.lower() for text in (*entries(), *templates)]
    assert [(phrase, text) for phrase in REPLACED for text in texts if phrase in text] == []


def marked_in_template(path: Path) -> set[str]:
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    calls = re.findall(r"\b(?:_|gettext|ngettext)\((u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")", source)
    return {ast.literal_eval(text) for text in calls}


def marked_in_code(tree: ast.AST) -> set[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    marked = [node.args[0] for node in calls if getattr(node.func, "id", "") in MARKS]
    return {each.value for each in marked if isinstance(each, ast.Constant)}
