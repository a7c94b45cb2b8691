"""The room of a case, as rows: who is there, what was said when, and the question to the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from accounts.models import User
from files import texts
from files.document_process import pages_of
from files.incoming import Text
from files.media_types import TEXT
from files.models import Blob
from rooms.models import Attachment, Membership, Message, MessageKind, MessageState, Room, RoomKind
from rooms.services import bot_replies, direct_messages

from ..models import Bot, Run, RunState
from .cases import BOT, Case, Said, SentFile

WORKER = "evaluation"
_LEASE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EvaluationRoom:
    """messages: in the order of the case."""

    run_id: int
    messages: list[Message]

    @property
    def ids(self) -> list[int]:
        return [message.id for message in self.messages]

    @property
    def times(self) -> list[datetime]:
        """When each message was written, in the order of the case."""
        return [message.created for message in self.messages]


def make_room(bot: Bot, case: Case) -> EvaluationRoom:
    """Rows of a case. Nothing is published; the run belongs to WORKER."""
    asker = _user(case.asker)
    if case.elsewhere:
        _fill(_create_room(case, bot, "Another room", {asker}), bot, case.elsewhere)
    room = _place(case, bot, asker)
    messages = _fill(room, bot, case.messages)
    if case.read_up_to:
        read = messages[case.read_up_to - 1].first_seq
        Membership.objects.filter(room=room, user=asker).update(read_seq=read)
    return EvaluationRoom(_ask(case, bot, room, asker, messages), messages)


def _place(case: Case, bot: Bot, asker: User) -> Room:
    if case.kind == RoomKind.DIRECT:
        Room.objects.filter(kind=RoomKind.DIRECT, memberships__user=asker).delete()  # of the case before
        return direct_messages.get_or_create_direct_message(asker, bot.user.username)
    names = {said.sender for said in case.messages} - {BOT} | set(case.people)
    return _create_room(case, bot, case.title, {asker, *map(_user, sorted(names))})


def _create_room(case: Case, bot: Bot, title: str, people: set[User]) -> Room:
    name = f"case-{Room.objects.count()}"
    about = {"topic": case.topic, "description": case.description, "kind": case.kind}
    room = Room.objects.create(name=name, title=title, **about)
    members = [*sorted(people, key=lambda user: user.username), bot.user]
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in members)
    return room


def _user(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"vouched": True})[0]


def _fill(room: Room, bot: Bot, messages: Sequence[Said]) -> list[Message]:
    begin = timezone.now() - timedelta(minutes=len(messages) + 1)
    made: list[Message] = []
    for number, said in enumerate(messages):
        made.append(_post(room, bot, said, made, begin + timedelta(minutes=number)))
    room.save(update_fields=["seq"])
    return made


def _post(room: Room, bot: Bot, said: Said, before: list[Message], default: datetime) -> Message:
    seq, is_bot = room.next_seq(), said.sender == BOT
    created = _moment(said.at) if said.at else default
    message = Message.objects.create(
        room=room,
        seq=seq,
        first_seq=seq,
        kind=MessageKind.BOT if is_bot else MessageKind.HUMAN,
        sender=bot.user if is_bot else _user(said.sender),
        text="" if said.deleted else said.text.replace("{bot}", bot.user.username),
        created=created,
        edited=created if said.edited else None,
        deleted=said.deleted,
        reply_to=before[said.reply_to - 1] if said.reply_to else None,
    )
    if said.file:
        _attach(message, said.file)
    return message


def _attach(message: Message, file: SentFile) -> None:
    """As rows alone: models read what was read of a document, never the document."""
    pages = tuple(pages_of(file.text))
    about = {"pages": len(pages), "characters": len(file.text), "cut": False, "beginning": ""}
    digest = sha256(f"{message.pk}".encode()).hexdigest()
    blob = Blob.objects.create(digest=digest, size=len(file.text), type=TEXT, text=about, text_due=False)
    texts.write(blob, Text(pages, about))
    sent = {"room": message.room, "uploader": message.sender, "message": message, "name": file.name}
    message.files = [Attachment.objects.create(blob=blob, **sent).description]
    message.save(update_fields=["files"])


def _moment(at: str) -> datetime:
    """cases.Time as a moment."""
    days, clock = at.split("d ")
    hour, minute = map(int, clock.split(":"))
    day = timezone.now().astimezone(UTC) - timedelta(days=int(days))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _ask(case: Case, bot: Bot, room: Room, asker: User, messages: list[Message]) -> int:
    """The question, its reply's placeholder and the run, as posting makes them; returns the run's id."""
    mention = "" if case.kind == RoomKind.DIRECT else f"@{bot.user.username} "
    seq = room.next_seq()
    question = Message.objects.create(
        room=room, seq=seq, first_seq=seq, sender=asker, text=mention + case.question,
        mentions=[bot.user_id] if mention else [],
        reply_to=messages[case.reply_to - 1] if case.reply_to else None,
    )  # fmt: skip
    reply = bot_replies.create_placeholder(room, bot.user, question, state=MessageState.QUEUED)
    room.save(update_fields=["seq"])
    run = Run.objects.create(bot=bot, room=room, question=question, asker=asker, message=reply)
    take_run(run.pk)
    return run.pk


def take_run(run_id: int) -> None:
    """As a worker claims it."""
    Run.objects.filter(pk=run_id).update(
        state=RunState.RUNNING, worker=WORKER, attempts=1, lease_until=timezone.now() + _LEASE
    )
