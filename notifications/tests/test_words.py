"""Each kind of notification has words of its own, in each language, wherever somebody is told of it."""

import json
from pathlib import Path

from django.conf import settings
from django.utils import translation

from accounts.models import User
from notifications.mail import contents
from notifications.mail.kinds import MailKind, mail_kind_of
from notifications.models import PushDelivery, PushSubscription
from notifications.push import answers, payloads
from rooms.models import WITHOUT_MESSAGE, Message, ModerationNote, Notification, NotificationKind, Room, RoomKind
from rooms.queries import inbox

NEVER_MAILED = {NotificationKind.REACTION}
JUST_WRITTEN = {NotificationKind.DIRECT, NotificationKind.MESSAGE}  # it is enough to say who, and where


def row(kind: str) -> Notification:
    bob = User(pk=1, username="bob")
    room = Room(pk=1, name="tea", title="Tea")
    if kind == NotificationKind.DIRECT:
        room = Room(pk=2, name="dm-x", title="alice & bob", kind=RoomKind.DIRECT)
    if kind in WITHOUT_MESSAGE:
        what = ModerationNote.REMOVED if kind == NotificationKind.MODERATION else ""
        return Notification(pk=1, room=room, actor=bob, kind=kind, what=what, title="Tea")
    message = Message(pk=1, room=room, sender=bob, text="Is there any left?")
    return Notification(pk=1, room=room, message=message, actor=bob, kind=kind)


def pushed(kind: str, language: str, content: bool = True) -> tuple[str, str]:
    delivery = PushDelivery(user=User(pk=2, username="alice"), subscription=PushSubscription(language=language))
    told = json.loads(payloads.show(delivery, row(kind), 1, 1, content))
    return told["title"], told["body"]


def mailed(kind: str, language: str) -> str:
    with translation.override(language):
        return contents._entry(row(kind), "https://example.org/chat/tea/").action


def test_a_push_says_what_happened(db):
    told = {kind: pushed(kind, "en") for kind in NotificationKind}
    assert len(set(told.values())) == len(NotificationKind)
    assert all("bob" in title for title, _body in told.values())
    alone = {kind for kind, (_title, body) in told.items() if "Is there any left?" not in body}
    assert alone == set(WITHOUT_MESSAGE)
    assert told["invitation"] == ("bob invites you into Tea", "")
    assert told["moderation"] == ("bob removed you from Tea", "")
    assert told["direct"] == ("bob", "Is there any left?") and told["message"][0] == "bob in Tea"
    assert told["room"][0] == "bob called everyone in Tea"
    german = {kind: pushed(kind, "de") for kind in NotificationKind}
    assert {kind for kind in NotificationKind if german[kind] == told[kind]} == JUST_WRITTEN
    assert german["group"][0] == "bob hat in Tea eine deiner Gruppen erwähnt"
    assert {pushed(kind, "de", content=False) for kind in NotificationKind} == {("Roundtable", "Neue Nachricht")}


def test_a_mail_says_it_and_each_kind_can_be_chosen():
    assert {kind for kind in NotificationKind if mail_kind_of(kind) not in MailKind} == NEVER_MAILED
    kinds = set(NotificationKind) - NEVER_MAILED
    said = {kind: mailed(kind, "en") for kind in kinds}
    assert {kind for kind in kinds if said[kind] == "bob"} == JUST_WRITTEN
    assert len(set(said.values())) == len(kinds) - 1
    assert {kind for kind in kinds if mailed(kind, "de") == said[kind]} == JUST_WRITTEN


def test_each_note_of_a_moderator_says_who_and_where_in_each_language():
    said = {}
    for language in ("en", "de"):
        with translation.override(language):
            note = row(NotificationKind.MODERATION)
            said[language] = []
            for note.what in [*ModerationNote.values, "of a later version"]:
                said[language].append(note.sentence)
                by_nobody = note.what in (ModerationNote.OWNS_ROOM, ModerationNote.BAN_ENDED)
                assert ("bob" in note.sentence) == (not by_nobody) and "Tea" in note.sentence
    assert len({*said["en"], *said["de"]}) == 2 * len(said["en"])


def test_the_inbox_says_it_and_finds_it_again():
    page = Path(settings.BASE_DIR, "templates/rooms/inbox.html").read_text()
    assert {kind for kind in NotificationKind if f'each.row.kind == "{kind}"' not in page} == {NotificationKind.ANSWER}
    found = [kind for name, kinds in inbox.FILTERS.items() if name for kind in kinds]
    assert sorted(found) == sorted(NotificationKind.values)


def test_what_a_push_service_answered_is_said_in_the_language_of_staff():
    with translation.override("de"):
        assert answers.words_of("timeout") == "keine rechtzeitige Antwort"
        assert answers.words_of("429") == "zu viele auf einmal (429)"
        assert answers.words_of("ConnectError") == "nicht erreichbar (ConnectError)"
        assert (answers.words_of("418"), answers.words_of("")) == ("418", "")
