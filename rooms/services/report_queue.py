"""Moderators decide about reports. They see what was kept as evidence, and nothing else of a room that they are not in.

Each report is decided once: whoever comes second is refused. What is done about it is part of the decision, in one
transaction and one entry of the audit log.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from audit.recording import one_act

from ..kernel.errors import ChatError
from ..kernel.explanations import check_explanation
from ..kernel.rights import Action, roles_that_may
from ..models import MAX_REPORT_WORDS, Decision, Membership, Report, RoomKind
from .bans import Terms
from .message_changes import Unchanged, changing_in
from .moderation import NO_TERMS, remove_from
from .recent_messages import delete_recent_in
from .room_notifications import notify_of_decision
from .tombstones import make_tombstones

MAX_SHOWN = 100  # reports
# In a room, whoever may delete messages of others decides about reports of them.
_ROLES = roles_that_may(Action.DELETE_OTHERS)


def moderates_server(user: User) -> bool:
    """Whether somebody sees all reports: moderators of the server, and staff."""
    return may_on_server(user, ServerAction.DECIDE_REPORTS)


def may_moderate(user: User) -> bool:
    """Whether there is a queue for this person at all."""
    return moderates_server(user) or Membership.objects.filter(user=user, banned=False, role__in=_ROLES).exists()


def reports_for(user: User) -> QuerySet[Report]:
    """Those that this person may decide: of rooms that they moderate, or all. Never those about themselves."""
    found = Report.objects.exclude(person=user)
    if moderates_server(user):
        return found
    mine = Membership.objects.filter(user=user, banned=False, role__in=_ROLES).values("room")
    return found.filter(of_server=False, room__in=mine, room__deleted=None)


def count_open(user: User) -> int:
    """How many wait for a decision; at most MAX_SHOWN are counted."""
    return len(reports_for(user).filter(decided=None).values_list("pk")[:MAX_SHOWN])


def queue(user: User, decided: bool = False) -> list[Report]:
    """Open ones, the oldest first; or those that were decided, the last first."""
    found = reports_for(user).filter(decided__isnull=not decided)
    people = found.select_related("reporter", "person", "room", "message", "assignee", "decided_by")
    return list(people.prefetch_related("evidence__sender").order_by("-decided" if decided else "pk")[:MAX_SHOWN])


def decisions_for(report: Report) -> list[str]:
    """What can be decided about it, as values of Decision."""
    can = [Decision.DISMISSED.value, Decision.DONE_ELSEWHERE.value]
    room = report.room
    if report.message and not report.message.deleted:
        can.append(Decision.MESSAGE_DELETED.value)
    if room and not room.deleted and room.kind != RoomKind.DIRECT:
        can += [Decision.PERSON_REMOVED.value, Decision.PERSON_BANNED.value]
    return can


def assign(actor: User, number: int, taken: bool) -> Report:
    """Take a report, so that others see who is at it; or leave it to others. Raises ChatError: no_such_report,
    report_decided."""
    with transaction.atomic():
        report = _get_open(actor, number)
        report.assignee = actor if taken else None
        report.save(update_fields=["assignee"])
    return report


def decide(actor: User, number: int, decision: str, note: str = "", terms: Terms = NO_TERMS, hours: int = 0) -> Report:
    """Do something about a report, or nothing. Other open reports of the same message are decided with it.

    terms: of a ban. hours: whose messages in the room are deleted, too, where somebody is removed or banned; 0: none.

    Raises ChatError: cannot_remove, explanation_too_long, hidden_characters, no_such_message,
    no_such_report, no_such_room, not_a_member, report_decided, unknown_decision, unknown_hours.
    """
    note = check_explanation(note, MAX_REPORT_WORDS)
    with transaction.atomic():
        report = _get_open(actor, number)
        if decision not in decisions_for(report):
            raise ChatError("unknown_decision", decisions=", ".join(decisions_for(report)))
        act = "report.decided_in_room" if report.room_id else "report.decided"
        about = {"person": report.person_id, "room": report.room_id, "report": report.pk}
        with one_act(act, actor=actor.pk, decision=decision, **about):  # of which all that is done about it is a part
            _MEASURES.get(decision, _nothing)(actor, report, terms)
        if hours and report.room and decision in (Decision.PERSON_REMOVED, Decision.PERSON_BANNED):
            delete_recent_in(actor, report.room, report.person_id, hours)
        _close(actor, report, decision, note)
    return report


def _nothing(_actor: User, _report: Report, _terms: Terms) -> None:
    pass


def _delete(_actor: User, report: Report, _terms: Terms) -> None:
    assert report.room_id and report.message_id  # decisions_for offers it only then
    with changing_in(report.room_id, report.message_id) as message:
        if message.deleted:
            raise Unchanged
        make_tombstones([message], message.room)


def _remove(actor: User, report: Report, _terms: Terms) -> None:
    assert report.room  # likewise
    remove_from(actor, report.room, report.person_id)


def _ban(actor: User, report: Report, terms: Terms) -> None:
    assert report.room  # likewise
    remove_from(actor, report.room, report.person_id, ban=True, terms=terms)


_MEASURES: dict[str, Callable[[User, Report, Terms], None]] = {
    Decision.MESSAGE_DELETED: _delete,
    Decision.PERSON_REMOVED: _remove,
    Decision.PERSON_BANNED: _ban,
}


def _get_open(actor: User, number: int) -> Report:
    """Locked. Raises ChatError: no_such_report, report_decided."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("room", "message")
    report = rows.filter(pk__in=reports_for(actor).filter(pk=number).values("pk")).first()
    if report is None:
        raise ChatError("no_such_report")
    if report.decided:
        raise ChatError("report_decided")
    return report


def _close(actor: User, report: Report, decision: str, note: str) -> None:
    same = Q(pk=report.pk)
    if report.message_id:
        same |= Q(message=report.message_id)
    rows = Report.objects.filter(same, decided=None)
    reporters = set(rows.exclude(reporter=None).values_list("reporter_id", flat=True))
    rows.update(decision=decision, decided=timezone.now(), decided_by=actor, note=note)
    report.refresh_from_db()
    if report.room and not report.of_server:
        for reporter_id in reporters:
            notify_of_decision(reporter_id, report.room, actor)
