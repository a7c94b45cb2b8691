"""The documents can be read in a terminal and in a diff, and their links lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
LONGEST = 100  # characters in a line of prose
APPS = ("accounts", "bot", "common", "files", "mysite", "notifications", "presence", "rooms")
DOCUMENTS = [*BASE.glob("*.md"), *(BASE / "docs").glob("*.md")]
DOCUMENTS += [path for app in APPS for path in (BASE / app).rglob("*.md")]
NAMES = [str(path.relative_to(BASE)) for path in DOCUMENTS]
WITH_CONTENTS = ["CONTRIBUTING.md", "docs/architecture.md", "docs/operations.md", "docs/pitfalls.md"]


def prose(name: str) -> list[str]:
    """The lines of a document without code, fenced or indented."""
    lines, fenced = [], False
    for line in (BASE / name).read_text().splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            lines.append(line)
    return lines


def titles(name: str) -> list[str]:
    return [line.lstrip("#").strip() for line in prose(name) if re.match(r"#+ ", line)]


def anchor(title: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", "\n".join(prose(name)))


def too_long(line: str) -> bool:
    """Tables cannot be wrapped, nor can one long link or name."""
    return len(line) > LONGEST and not line.startswith("|") and " " in line.strip().removeprefix("- ")


def test_documents_are_found():
    assert {"README.md", "CONTRIBUTING.md", "docs/operations.md", "rooms/realtime/README.md"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_short(name):
    assert [line for line in prose(name) if too_long(line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    for link in links(name):
        if "://" in link:
            continue
        file, _, part = link.partition("#")
        target = (BASE / name).parent.joinpath(file).resolve() if file else BASE / name
        assert target.exists(), link
        if part:
            assert part in map(anchor, titles(str(target.relative_to(BASE)))), link


@pytest.mark.parametrize("name", WITH_CONTENTS)
def test_the_table_of_contents_has_every_section_in_order(name):
    sections = [line.removeprefix("## ") for line in prose(name) if line.startswith("## ")]
    contents = re.findall(r"^- \[([^\]]+)\]\(#([^)]+)\)$", "\n".join(prose(name)), re.M)
    assert [title for title, _anchor in contents] == sections
    assert [part for _title, part in contents] == list(map(anchor, sections))


@pytest.mark.parametrize("name", NAMES)
def test_a_product_of_rooms_makes_no_puns(name):
    """A room is the thing that people talk in; code has packages and modules."""
    assert not re.search(r"\b(?:the|of a|our) house\b|rooms of the house", "\n".join(titles(name)), re.I)
