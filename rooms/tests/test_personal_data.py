"""What somebody is handed out about themselves: all that is theirs, and nothing that they could not see."""

import io
import json
import stat
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Token
from bot.models import Feedback, Run, Usage
from bot.provisioning import ensure_default_bot
from rooms.models import Message
from rooms.privacy import personal_data
from rooms.privacy.labels import LABELS
from rooms.privacy.personal_data_archive import archive
from rooms.services import (
    blocks,
    direct_messages,
    invitation_links,
    membership,
    messages,
    moderation,
    personal_invitations,
)

pytestmark = pytest.mark.django_db


def unpacked(chunks) -> tuple[dict, str]:
    """data.json, read, and data.md."""
    with ZipFile(io.BytesIO(b"".join(chunks))) as zip:
        assert zip.testzip() is None
        data, words = (zip.read(name).decode() for name in sorted(zip.namelist()))
    return json.loads(data), words


@pytest.fixture
def handed_out(alice):
    return lambda: unpacked(archive(alice))


def texts(rows: list[dict]) -> list[str]:
    return [row["text"] for row in rows]


def test_what_they_wrote_is_there_with_what_it_answers_and_when(handed_out, alice, bob, lobby):
    asked = messages.post(bob, "lobby", "Tea?").message_id
    said = messages.post(alice, "lobby", "Yes, **green** tea", reply_to=asked).message_id
    messages.edit(alice, "lobby", said, "Yes, **black** tea")
    messages.react(alice, "lobby", asked, "👍")
    data, words = handed_out()
    [message] = data["messages"]
    assert message["room"] == "Lobby" and message["text"] == "Yes, **black** tea"
    assert message["reply_to"] == asked and message["reply_to_author"] == "bob"
    assert message["written"] < message["edited"] and message["written"].endswith("Z")
    assert data["reactions"] == [{"room": "Lobby", "message": asked, "emoji": "👍"}]
    assert "Yes, **black** tea" in words and "# Data of alice" in words
    assert "Tea?" not in words + json.dumps(data)


def test_what_called_for_them_is_there(handed_out, alice, bob, lobby):
    said = messages.post(bob, "lobby", "Tea, @alice?").message_id
    data, words = handed_out()
    [found] = data["notifications"]
    assert found | {"created": ""} == {
        "kind": "mention", "what": None, "room": "Lobby", "from": "bob", "message": said, "created": "",
        "read": None, "done": None,
    }  # fmt: skip
    assert "Notifications" in words and "Tea?" not in words


def test_direct_messages_hold_both_sides_and_say_whose_words_they_are(handed_out, alice, bob):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "mine")
    messages.post(bob, direct.name, "his")
    data, _words = handed_out()
    said = [(each["with"], each["from"], each["own"], each["text"]) for each in data["direct_messages"]]
    assert said == [("bob", "alice", True, "mine"), ("bob", "bob", False, "his")]
    assert data["messages"] == []


def test_of_a_room_that_they_can_no_longer_see_only_their_own_words_are_there(handed_out, alice, bob):
    room = membership.create_room(bob, "Secret plans", "private")
    membership.add_member(room, alice)
    other = messages.post(bob, room.name, "not for alice any more").message_id
    messages.post(alice, room.name, "my own words", reply_to=other)
    messages.react(alice, room.name, other, "👍")
    moderation.remove(bob, room.name, alice.id)
    data, words = handed_out()
    assert texts(data["messages"]) == ["my own words"] and data["messages"][0]["room"] is None
    everything = json.dumps(data) + words
    assert "my own words" in words
    assert not [text for text in ("Secret plans", room.name, "any more", "bob") if text in everything]


def test_what_is_deleted_is_not_there(handed_out, alice, lobby):
    said = messages.post(alice, "lobby", "xylophone").message_id
    messages.delete(alice, "lobby", said)
    data, words = handed_out()
    assert data["messages"] == [] and "xylophone" not in words


def test_no_secret_is_there(handed_out, alice, client):
    token, secret = Token.issue(alice, "script")
    client.force_login(alice)
    link, link_secret = invitation_links.create_link(alice, membership.create_room(alice, "Plans", "private").name)
    data, words = handed_out()
    assert data["tokens"][0]["name"] == "script" and len(data["signed_in_browsers"]) == 1
    assert [each["room"] for each in data["invitation_links"]] == ["Plans"]
    secrets = (secret, token.digest, alice.password, client.session.session_key, link_secret, link.digest)
    assert not [each for each in secrets if each in json.dumps(data) + words]


def test_no_inviter_learns_what_became_of_an_invitation(handed_out, alice, bob, charlie):
    blocks.block(bob, "alice")
    room = membership.create_room(alice, "Plans", "private")
    personal_invitations.invite(alice, room.name, "bob")
    personal_invitations.invite(alice, room.name, "charlie")
    sent = handed_out()[0]["invitations_sent"]
    assert [each["person"] for each in sent] == ["bob", "charlie"]
    assert {tuple(each) for each in sent} == {("person", "room", "created")}


def test_their_settings_blocks_and_questions_to_bots_are_there(handed_out, alice, bob, lobby):
    bot = ensure_default_bot()
    blocks.block(alice, "bob")
    messages.post(alice, "lobby", f"@{bot.user.username} hello")
    used = {"tokens": 70, "tokens_in": 60, "tokens_cached": 20, "tokens_out": 10, "cost": 0.5}
    Usage.objects.create(day="2026-01-02", bot=bot, room=lobby, asker=alice, **used)
    Run.objects.update(wait_ms=1200)
    Feedback.objects.create(run=Run.objects.get(), user=alice, is_good=False, reason="Too long")
    data, words = handed_out()
    assert data["account"]["user_name"] == "alice" and data["settings"]["hide_presence"] is False
    assert [each["person"] for each in data["blocked_people"]] == ["bob"]
    assert [(each["room"], each["question"]) for each in data["bot_questions"]] == [
        ("Lobby", Run.objects.get().question_id)
    ]
    told = ("day", "tokens", "tokens_read", "tokens_read_from_cache", "tokens_written", "cost")
    assert [[each[name] for name in told] for each in data["bot_usage"]] == [["2026-01-02", 70, 60, 20, 10, 0.5]]
    assert data["bot_questions"][0]["first_word_after_ms"] == 1200
    assert [(each["is_good"], each["reason"]) for each in data["bot_feedback"]] == [(False, "Too long")]
    assert "good: no · reason: Too long" in words and "tokens read from the cache: 20" in words


def test_the_words_of_others_stay_text_in_markdown(handed_out, alice, bob):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    said = "~~~\n# Not a heading\n~~~~\n<script>alert(1)</script>"
    messages.post(bob, direct.name, said)
    words = handed_out()[1]
    assert f"\n~~~~~\n{said}\n~~~~~\n" in words


def test_both_files_say_the_same_in_german(alice, lobby):
    messages.post(alice, "lobby", "Hallo")
    with translation.override("de"):
        data, words = unpacked(archive(alice))
    assert "# Daten von alice" in words and "## Nachrichten in Räumen" in words
    assert texts(data["messages"]) == ["Hallo"]
    assert {"Account", "number", "written:"} & set(words.split()) == set()


def test_every_value_has_a_label(alice, lobby):
    for section in personal_data.iter_sections(alice):
        rows = [section.rows] if isinstance(section.rows, dict) else section.rows
        assert {name for row in rows if row for name in row} - {"text"} <= LABELS.keys(), section.key


def test_it_is_read_in_portions(monkeypatch, alice, lobby):
    """However much somebody has written: no query reads more than a portion, and no chunk holds more."""
    monkeypatch.setattr("rooms.privacy.batches.BATCH_SIZE", 3)
    monkeypatch.setattr("rooms.privacy.personal_data_archive.ROWS_PER_CHUNK", 3)
    rows = [Message(room=lobby, seq=seq, first_seq=seq, sender=alice, text=f"no. {seq}") for seq in range(100, 120)]
    Message.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as queries:
        chunks = list(archive(alice))
    assert texts(unpacked(chunks)[0]["messages"]) == [row.text for row in rows]
    assert len(chunks) > 20
    reads = [each["sql"] for each in queries if '"rooms_message"."text"' in each["sql"]]
    assert len(reads) >= 14 and all("LIMIT 3" in sql for sql in reads)


def test_the_command_writes_a_file_for_its_owner_alone(tmp_path, alice, lobby):
    messages.post(alice, "lobby", "Hello")
    output = tmp_path / "out.zip"
    out = io.StringIO()
    call_command("exportperson", "ALICE", "--output", str(output), stdout=out)
    assert out.getvalue() == f"{output}\n"
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert texts(unpacked([output.read_bytes()])[0]["messages"]) == ["Hello"]


def test_the_command_overwrites_nothing_and_leaves_no_half_a_file(tmp_path, monkeypatch, alice, bot_user):
    output = tmp_path / "out.zip"
    output.write_text("mine")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("exportperson", "alice", output=output)
    assert output.read_text() == "mine"
    for nobody in ("nobody", bot_user.username):
        with pytest.raises(CommandError, match="No person is called"):
            call_command("exportperson", nobody, output=tmp_path / "other.zip")
    monkeypatch.setattr("rooms.privacy.personal_data.Message", None)
    with pytest.raises(AttributeError):
        call_command("exportperson", "alice", output=tmp_path / "half.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]
