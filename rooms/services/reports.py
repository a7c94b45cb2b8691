"""People report messages and other people. What was said is kept, whatever becomes of the message."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.explanations import check_explanation
from ..kernel.rights import Action, roles_that_may
from ..kernel.wire import MAX_NUMBER
from ..models import MAX_REPORT_WORDS, Evidence, Membership, Message, MessageKind, Report, ReportReason, Room
from .daily_limits import check_reports
from .membership import get_user_by_name, get_visible_room
from .room_notifications import notify_of_report

BESIDE = 5  # messages before the reported one that are kept, and as many after it
MAX_BESIDE = 500  # characters of each of these
MAX_FILES = 20  # whose names are kept
MAX_OWN = 50  # of one's own reports that are shown


def report_message(user: User, room_name: str, message_id: int, reason: str, words: str = "") -> Report:
    """Report a message that this person can read. Twice is once, while the first report is open.

    Raises ChatError: explanation_too_long, hidden_characters, not_reportable, report_yourself, too_many_reports,
    unknown_report_reason, no_such_message, no_such_room.
    """
    message = get_reportable(user, room_name, message_id)
    words = _check(reason, words)
    same = Report.objects.filter(reporter=user, message=message, decided=None)
    if found := same.first():
        return found
    check_reports(user)
    room = message.room
    try:
        with transaction.atomic():
            report = Report.objects.create(
                reporter=user, person=message.sender, room=room, message=message, of_server=room.is_direct,
                reason=reason, words=words,
            )  # fmt: skip
            Evidence.objects.bulk_create(_evidence(report, message))
            if not room.is_direct:
                for moderator_id in _moderators_of(room, {user.pk, message.sender_id}):
                    notify_of_report(moderator_id, room, user)
    except IntegrityError:
        return same.get()  # the same, sent twice at once
    return report


def get_reportable(user: User, room_name: str, message_id: int) -> Message:
    """A message that this person may report. Raises ChatError: no_such_message, no_such_room, not_reportable,
    report_yourself."""
    room = get_visible_room(user.id, room_name)
    found = Message.objects.filter(room=room, pk=message_id) if message_id <= MAX_NUMBER else Message.objects.none()
    message = found.select_related("sender", "room").first()
    if message is None or message.deleted:
        raise ChatError("no_such_message")
    if message.kind == MessageKind.NOTICE:
        raise ChatError("not_reportable")
    if message.sender_id == user.pk:
        raise ChatError("report_yourself")
    return message


def report_person(user: User, username: str, reason: str, words: str = "") -> Report:
    """Report a person or bot to the moderators of the server. Twice is once, while the first report is open.

    Raises ChatError: explanation_too_long, hidden_characters, report_yourself, too_many_reports,
    unknown_report_reason, no_such_person.
    """
    person = get_user_by_name(username, also_gone=True)
    if person == user:
        raise ChatError("report_yourself")
    words = _check(reason, words)
    same = Report.objects.filter(reporter=user, person=person, of_person=True, decided=None)
    if found := same.first():
        return found
    check_reports(user)
    try:
        with transaction.atomic():
            return Report.objects.create(
                reporter=user, person=person, of_server=True, of_person=True, reason=reason, words=words
            )
    except IntegrityError:
        return same.get()


def own_reports(user: User) -> list[Report]:
    """What this person has reported, the last first."""
    return list(Report.objects.filter(reporter=user).select_related("person", "room").order_by("-pk")[:MAX_OWN])


def _check(reason: str, words: str) -> str:
    if reason not in ReportReason.values:
        raise ChatError("unknown_report_reason", reasons=", ".join(ReportReason.values))
    return check_explanation(words, MAX_REPORT_WORDS)


def _evidence(report: Report, message: Message) -> Iterator[Evidence]:
    beside = Message.objects.filter(room=message.room_id, deleted=False).exclude(kind=MessageKind.NOTICE)
    before = beside.filter(pk__lt=message.pk).order_by("-pk")[:BESIDE]
    after = beside.filter(pk__gt=message.pk).order_by("pk")[:BESIDE]
    for each in [*before, message, *after]:
        is_reported = each.pk == message.pk
        yield Evidence(
            report=report,
            number=each.pk,
            sender_id=each.sender_id,
            text=each.text if is_reported else each.text[:MAX_BESIDE],
            files=[file["name"] for file in (each.files or [])[:MAX_FILES]],
            created=each.created,
            is_reported=is_reported,
        )


def _moderators_of(room: Room, without: set[int]) -> list[int]:
    places = Membership.objects.filter(room=room, banned=False, role__in=roles_that_may(Action.DELETE_OTHERS))
    return list(places.exclude(user__in=without).order_by("pk").values_list("user_id", flat=True)[:100])
