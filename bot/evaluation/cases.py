"""The cases of an evaluation: small rooms, a question in each, and what its answer must be like. From TOML or JSON."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from .languages import LANGUAGES

DEFAULT_FILE = Path(__file__).with_name("cases.toml")
BOT = "bot"  # as the sender of a message: the bot that is evaluated

Number = Annotated[int, Meta(ge=1)]  # of a message of the case, in the order of the file
Name = Annotated[str, Meta(pattern=r"^[a-z]{2,20}$")]
Time = Annotated[str, Meta(pattern=r"^\d{1,3}d ([01]\d|2[0-3]):[0-5]\d$")]  # "3d 14:05": three days ago, UTC


class CaseError(Exception):
    """The file is not one of cases; says where and why."""


class SentFile(Struct, forbid_unknown_fields=True):
    """A text file."""

    name: str
    text: str


class Said(Struct, forbid_unknown_fields=True, rename={"sender": "from"}):
    """One message. at: when; by default one a minute until now, behind all that have a time. file: sent with it."""

    sender: Name
    text: str
    at: Time | None = None
    reply_to: Number | None = None
    file: SentFile | None = None
    edited: bool = False
    deleted: bool = False


class Expected(Struct, forbid_unknown_fields=True):
    """What an answer is checked for, besides that there is one. Letters count the same in both cases.

    contains: each, or one of each list. matches: regular expressions. cites: messages that it links to; only: no
    others. private: the answer is in the direct message with the asker.
    {date 2}, {weekday 2} and {time 2} stand for those of message 2.
    """

    contains: list[str | list[str]] = []
    excludes: list[str] = []
    matches: list[str] = []
    cites: list[Number] = []
    cites_only: bool = False
    language: str | None = None
    max_words: Number | None = None
    private: bool = False


class Case(Struct, forbid_unknown_fields=True):
    """One room and one question in it, which is addressed to the bot by itself. elsewhere: said in another room."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9-]{3,60}$")]
    about: str
    question: str
    asker: Name = "mona"
    kind: Literal["private", "public", "direct"] = "private"
    title: str = "Team"
    topic: str = ""
    description: str = ""
    people: list[Name] = []
    messages: list[Said] = []
    elsewhere: list[Said] = []
    reply_to: Number | None = None
    read_up_to: Number | None = None
    expect: Expected = msgspec.field(default_factory=Expected)


class _File(Struct, forbid_unknown_fields=True):
    case: Annotated[list[Case], Meta(min_length=1)]


def load_cases(path: Path = DEFAULT_FILE) -> list[Case]:
    """Raises CaseError."""
    try:
        content = path.read_bytes()
        data = msgspec.json.decode(content) if path.suffix == ".json" else tomllib.loads(content.decode())
        cases = msgspec.convert(data, _File).case
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.MsgspecError) as error:
        raise CaseError(f"{path}: {error}") from error
    names = [case.name for case in cases]
    for case in cases:
        if problem := _problem(case, names):
            raise CaseError(f"{path}: case {case.name}: {problem}")
    return cases


def _problem(case: Case, names: list[str]) -> str:
    """What a schema cannot say."""
    count, expect = len(case.messages), case.expect
    numbers = [*expect.cites, case.reply_to or 1, case.read_up_to or 1]
    numbers += [said.reply_to or 1 for said in case.messages]
    if names.count(case.name) > 1:
        return "there is another case of this name"
    if case.messages and max(numbers) > count:
        return f"it has {count} messages, and names number {max(numbers)}"
    if expect.language and expect.language not in LANGUAGES:
        return f"languages are {', '.join(LANGUAGES)}, not {expect.language}"
    if case.kind == "direct" and {said.sender for said in case.messages} - {case.asker, BOT}:
        return "others have written in a direct message"
    return ""
