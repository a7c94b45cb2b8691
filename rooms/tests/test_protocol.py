"""docs/protocol.md and the code say the same, and whatever a client sends is a command or one clear error."""

import html
import json
import re
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from rooms.kernel import protocol, reasons
from rooms.kernel.close_reasons import CLOSE_REASONS, close_frame
from rooms.kernel.commands import BadCommand, parse
from rooms.kernel.errors import ChatError
from rooms.kernel.notes import NOTES
from rooms.kernel.notices import NOTICES
from rooms.kernel.protocol import error_event, event, timestamp, whole_number

from .wire_fields import COMMANDS, EVENTS, PAGE_COMMANDS

DOCUMENT = (settings.BASE_DIR / "docs" / "protocol.md").read_text()
ID = "6a0f3b9c-52f5-4f5a-9f3a-0b4a4f9f9a11"


def section(title: str) -> str:
    return DOCUMENT.split(f"## {title}", 1)[1].split("\n## ", 1)[0]


def table(text: str) -> dict[str, str]:
    """The rows of the tables in a section: what stands in backticks in the first column → the second column."""
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `"):
            rows |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[1])
    return rows


def names(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+\??)`", re.sub(r"\(.*?\)", "", cell)))


# --- the document and the code ---


def test_every_command_is_in_both_with_the_same_fields():
    written = {name: names(fields) for name, fields in table(section("Commands")).items()}
    assert written == {name: set(fields) for name, fields in COMMANDS.items()}


def test_every_command_of_a_page_is_in_both_with_the_same_fields():
    written = {name: names(fields) for name, fields in table(section("One socket for several rooms")).items()}
    own = {type: fields for type, fields in PAGE_COMMANDS.items() if type not in COMMANDS}
    assert written == {name: set(fields) for name, fields in own.items()}
    in_rooms = {type: {*fields, "room"} for type, fields in COMMANDS.items()}
    assert {type: set(fields) for type, fields in PAGE_COMMANDS.items() if type not in own} == in_rooms


def test_every_event_is_in_both_with_the_same_fields():
    written = {name: names(fields) for name, fields in table(section("Events")).items()}
    example = json.loads(re.search(r'    (\{"type": "message".*?\n)\n', section("Events"), re.S)[1].replace("\n", " "))
    del example["type"]
    optional = {name for name in EVENTS["message"] if name.endswith("?")}  # not in the example, but described below it
    assert all(re.search(f"(^|[.:] )`{name[:-1]}`[,:]", section("Events"), re.M) for name in optional)
    written["message"] = set(example) | optional
    assert written == {name: set(fields) for name, fields in EVENTS.items()}


def test_every_close_code_is_in_both():
    codes = {int(code) for code in re.findall(r"^\| (\d{4}) \|", DOCUMENT, re.M)}
    assert codes - {1009} == set(CLOSE_REASONS.values())  # that one is sent by the library that parses frames


@pytest.mark.parametrize(("title", "catalogue"), [("Notices", NOTICES), ("Notes", NOTES)])
def test_every_notice_and_note_is_in_both_with_its_parameters_and_sentence(title, catalogue):
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\| (.*?) \|$", section(title), re.M)
    written = {name: (names(params), html.unescape(said)) for name, params, said in rows}
    assert written == {name: (set(each.params), in_english(each)) for name, each in catalogue.items()}


def in_english(sentence) -> str:
    """With <name> for each parameter; of several forms that for many."""
    template = sentence.template()
    form = template if isinstance(template, str) else template[-1]
    return re.sub(r"\{(\w+)\}", r"<\1>", form)


def test_every_close_reason_is_in_both_and_fits_into_a_close_frame():
    rows = re.findall(r"^\| `(\w+)` \| (\d{4}) \|", section("Close reasons"), re.M)
    assert {reason: int(code) for reason, code in rows} == CLOSE_REASONS
    assert all(len(close_frame(reason, 86_400)[1].encode()) <= 123 for reason in CLOSE_REASONS)
    assert close_frame("server_full", 29.2) == (4029, "reason=server_full&retry_after=30")


def test_every_error_code_is_in_both():
    sentence = re.search(r"Error codes: (.*?)\n\n", DOCUMENT, re.S)[1]
    written = {name for name in re.findall(r"`(\w+)`", sentence) if name not in ("retry_after", "id", "message")}
    assert written == set(reasons.STATUS)


def test_limits_of_the_document_are_those_of_the_code():
    assert "frame larger than 64 KiB" in DOCUMENT
    assert protocol.MAX_FRAME == 64 * 1024


# --- parsing ---


@pytest.mark.parametrize(
    ("frame", "code", "says"),
    [
        (None, "invalid", "binary"),
        ("", "invalid", "not valid JSON"),
        ("{", "invalid", "not valid JSON"),
        ("[" * 5000, "invalid", "not valid JSON"),
        ("[]", "invalid", "one JSON object"),
        ("null", "invalid", "one JSON object"),
        ('"send"', "invalid", "one JSON object"),
        ("{}", "invalid", "Unknown type"),
        ({"type": "shutdown", "id": ID}, "invalid", "Unknown type"),
        ({"type": ["send"], "id": ID}, "invalid", "Unknown type"),
        ({"type": "websocket.send", "id": ID}, "invalid", "Unknown type"),
        ({"type": "send", "message": "x"}, "invalid", "id is missing"),
        ({"type": "send", "message": "x", "id": None}, "invalid", "id is missing"),
        ({"type": "send", "message": "x", "id": 7}, "invalid", "UUID"),
        ({"type": "send", "message": "x", "id": "7"}, "invalid", "UUID"),
        ({"type": "send", "message": "x", "id": [ID]}, "invalid", "UUID"),
        ({"type": "send", "id": ID}, "invalid", "needs the field message"),
        ({"type": "send", "id": ID, "message": None}, "invalid", "needs the field message"),
        ({"type": "send", "id": ID, "message": 5}, "invalid", "must be a string"),
        ({"type": "send", "id": ID, "message": ""}, "invalid", "empty"),
        ({"type": "send", "id": ID, "message": " \n\t "}, "invalid", "empty"),
        ({"type": "send", "id": ID, "message": "\u200b\u2060"}, "invalid", "empty"),
        ({"type": "send", "id": ID, "message": "x" * 8001}, "too_long", "1 character too long"),
        ({"type": "send", "id": ID, "message": "\x00\x1b\x7f"}, "invalid", "empty"),
        ({"type": "send", "id": ID, "message": "x", "reply_to": "9"}, "invalid", "whole number"),
        ({"type": "send", "id": ID, "message": "x", "reply_to": True}, "invalid", "whole number"),
        ({"type": "send", "id": ID, "message": "x", "sender": 1}, "invalid", "no field sender"),
        ({"type": "edit", "id": ID, "message_id": -1, "message": "x"}, "invalid", "whole number"),
        ({"type": "edit", "id": ID, "message_id": 2**63, "message": "x"}, "invalid", "whole number"),
        ({"type": "edit", "id": ID, "message_id": 1.5, "message": "x"}, "invalid", "whole number"),
        ({"type": "react", "id": ID, "message_id": 1, "emoji": "ok"}, "invalid", "one emoji"),
        ({"type": "react", "id": ID, "message_id": 1, "emoji": "👍" * 40}, "invalid", "one emoji"),
        ({"type": "react", "id": ID, "message_id": 1, "emoji": "<b>"}, "invalid", "one emoji"),
        ({"type": "resume", "id": ID, "since": "0"}, "invalid", "whole number"),
    ],
)
def test_a_mistake_is_one_clear_error(frame, code, says):
    with pytest.raises(BadCommand, match=re.escape(says)) as caught:
        parse(json.dumps(frame) if isinstance(frame, dict) else frame)
    assert caught.value.code == code


def test_an_error_names_the_command_where_its_id_could_be_read():
    with pytest.raises(BadCommand) as caught:
        parse(json.dumps({"type": "send", "id": ID}))
    assert caught.value.id == ID


@pytest.mark.parametrize("spelled", [ID, ID.upper(), ID.replace("-", "")])
def test_the_answer_carries_the_id_as_the_client_wrote_it(spelled):
    assert parse(json.dumps({"type": "read", "id": spelled, "seq": 1})).id == spelled


def test_typing_needs_no_id():
    assert parse('{"type": "typing"}').id is None


def test_in_plain_mode_a_bare_message_is_a_send():
    command = parse('{"message": "hello"}', plain=True)
    assert (command.type, command.fields) == ("send", {"message": "hello"})
    assert uuid.UUID(command.id)
    with pytest.raises(BadCommand):
        parse('{"message": "hello"}')


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
almost_commands = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(COMMANDS)) | anything},
    optional={name: anything for fields in COMMANDS.values() for name in [f.rstrip("?") for f in fields]}
    | {"id": st.uuids().map(str) | anything},
)


@given(st.text() | st.binary() | anything.map(json.dumps) | almost_commands.map(json.dumps), st.booleans())
def test_nothing_but_a_command_or_a_bad_command_comes_of_any_frame(frame, plain):
    try:
        command = parse(frame, plain)
    except BadCommand as error:
        assert error.code in reasons.STATUS
        assert error.message.endswith((".", "possible."))
    else:
        assert command.type in COMMANDS
        assert set(command.fields) <= {name.rstrip("?") for name in COMMANDS[command.type]}


# --- building ---


def test_an_undeclared_or_missing_field_fails_where_the_event_is_made():
    with pytest.raises(ValueError, match="has the fields"):
        event("head", seq=1, extra=2)
    with pytest.raises(ValueError, match="has the fields"):
        event("joined", user={})
    with pytest.raises(KeyError):
        event("explode")


def test_an_error_event_holds_no_more_than_is_known():
    empty = {"type": "error", "code": "invalid", "reason": "message_empty", "message": "The message is empty."}
    assert error_event(ChatError("message_empty")) == empty
    assert error_event(ChatError("too_many_changes", 1.26, seconds=1), ID) == {
        "type": "error",
        "id": ID,
        "code": "rate_limited",
        "reason": "too_many_changes",
        "params": {"seconds": 1},
        "message": "Too many changes at once. Wait 1 s.",
        "retry_after": 1.3,
    }


@pytest.mark.parametrize("text", [None, "", "-1", "+1", "1.0", " 1", "1e3", "٣", "²", "0x1", str(2**63), "1" * 5000])
def test_what_is_no_whole_number(text):
    assert whole_number(text) is None


def test_a_whole_number_is_as_large_as_an_id_can_be():
    assert [whole_number(text) for text in ("0", "007", str(2**63 - 1))] == [0, 7, 2**63 - 1]


def test_times_are_utc_with_milliseconds():
    moment = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(moment) == "2026-11-20T10:00:00.123Z"
    assert timestamp(datetime(2026, 11, 20, tzinfo=UTC)) == "2026-11-20T00:00:00.000Z"
    assert timestamp(None) is None
