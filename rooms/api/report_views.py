"""The API of reports: making one, and deciding those of others."""

from ..kernel.errors import ChatError
from ..kernel.protocol import moment, person, timestamp
from ..models import Report
from ..services import bans, report_queue, reports
from .framework import ApiRequest


def report_message(request: ApiRequest, name: str, message_id: int) -> dict:
    """Takes `{"reason", "words"?}`. Returns the report as its reporter sees it."""
    reports.get_reportable(request.user, name, message_id)  # check access before the body
    return _own(reports.report_message(request.user, name, message_id, **request.text_fields("reason", "words?")))


def report_person(request: ApiRequest, username: str) -> dict:
    """Takes and returns the same as `report_message`."""
    return _own(reports.report_person(request.user, username, **request.text_fields("reason", "words?")))


def list_reports(request: ApiRequest) -> dict:
    """`{"reports": [<report>, …]}`: those of the person."""
    return {"reports": [_own(report) for report in reports.own_reports(request.user)]}


def list_queue(request: ApiRequest) -> dict:
    """`{"reports": [<reported>, …]}`: open ones that the person may decide, the oldest first; ?decided: the others."""
    return {"reports": [_reported(each) for each in report_queue.queue(request.user, "decided" in request.query)]}


def decide_report(request: ApiRequest, number: int) -> dict:
    """Takes `{"do", "note"?, "reason"?, "until"?: <time>}`. Raises ChatError: parameter_not_time."""
    fields = request.text_fields("do", "note?", "reason?", "until?")
    if fields["do"] in ("take", "leave"):
        return _reported(report_queue.assign(request.user, number, fields["do"] == "take"))
    text, until = fields.get("until"), None
    if text is not None and (until := moment(text)) is None:
        raise ChatError("parameter_not_time", parameter="until")
    terms = bans.check_terms(fields.get("reason", ""), until)
    return _reported(report_queue.decide(request.user, number, fields["do"], fields.get("note", ""), terms))


def _own(report: Report) -> dict:
    """The report without the names of moderators."""
    return {
        "id": report.pk,
        "person": person(report.person),
        "room": report.room.name if report.room else None,
        "message_id": report.message_id,
        "reason": report.reason,
        "words": report.words,
        "created": timestamp(report.created),
        "decision": report.decision or None,
        "decided": timestamp(report.decided),
    }


def _reported(report: Report) -> dict:
    return _own(report) | {
        "reporter": person(report.reporter) if report.reporter else None,
        "assignee": person(report.assignee) if report.assignee else None,
        "decided_by": person(report.decided_by) if report.decided_by else None,
        "note": report.note,
        "evidence": [
            {
                "message_id": each.number,
                "by": person(each.sender),
                "text": each.text,
                "files": each.files,
                "created": timestamp(each.created),
                "reported": each.is_reported,
            }
            for each in report.evidence.all()
        ],
    }
