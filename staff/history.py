"""Takes a sample of the server's figures each hour. Every count reads an index, or the rows of one hour."""

import math
import shutil
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django_tasks import task

from accounts.models import OutgoingMail, SignedInSession, User
from accounts.outgoing_mail import MailState
from bot.models import Run, RunState
from files.usage import total_size
from jobs import backlog
from jobs.models import FAILED, Job
from presence import sync_client
from rooms.models import Message, MessageKind

from .models import Sample

HOUR = timedelta(hours=1)
KEPT = timedelta(days=90)
MAX_FIRST = 5000  # messages that the first sample looks at


@task(priority=-10)
def take_sample() -> None:
    """A regular job: counts the last full hour, once, and deletes what is too old."""
    begin = timezone.now().replace(minute=0, second=0, microsecond=0) - HOUR
    if not Sample.objects.filter(hour=begin).exists():
        Sample.objects.get_or_create(hour=begin, defaults=measure(begin))
    Sample.objects.filter(hour__lt=begin - KEPT).delete()


def measure(begin: datetime) -> dict[str, Any]:
    """The figures of the hour that begins then: the fields of a Sample."""
    end = begin + HOUR
    in_hour, people = (begin, end), User.objects.filter(is_active=True, is_bot=False)
    return {
        "people": people.count(),
        "people_new": people.filter(date_joined__gte=begin, date_joined__lt=end).count(),
        "people_active": _active_since(begin),
        "people_active_day": _active_since(end - timedelta(days=1)),
        "connected": sync_client.count_people(),
        **_messages(begin, end),
        **_answers(begin, end),
        "stored": total_size(),
        "disk_free": shutil.disk_usage(settings.DATA_DIR).free,
        "jobs_waiting": backlog.counts()["waiting"],
        "jobs_failed": Job.objects.filter(state=FAILED, finished__range=in_hour).count(),
        "mails_failed": OutgoingMail.objects.filter(state=MailState.FAILED, created__range=in_hour).count(),
    }


def _active_since(moment: datetime) -> int:
    found = SignedInSession.objects.filter(last_used__gte=moment).aggregate(people=Count("user", distinct=True))
    return found["people"]


def _messages(begin: datetime, end: datetime) -> dict[str, int]:
    """Count the messages after those of the previous sample: ids rise with time."""
    before = Sample.objects.filter(hour__lt=begin).order_by("-hour").values_list("last_message", flat=True).first()
    if before is None:
        newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        before = max(0, newest - MAX_FIRST)
    found = Message.objects.filter(pk__gt=before, created__lt=end).aggregate(
        last=Max("pk"), count=Count("pk", filter=Q(created__gte=begin) & ~Q(kind=MessageKind.NOTICE))
    )
    return {"messages": found["count"], "last_message": found["last"] or before}


def _answers(begin: datetime, end: datetime) -> dict[str, Any]:
    runs = Run.objects.filter(queued__gte=begin, queued__lt=end)
    found = runs.aggregate(
        questions=Count("pk"),
        questions_failed=Count("pk", filter=Q(state=RunState.FAILED)),
        tokens=Sum("spent", default=0),
        cost=Sum("cost"),
    )
    waits = runs.filter(wait_ms__isnull=False).order_by("wait_ms").values_list("wait_ms", flat=True)
    count = waits.count()
    return {**found, "wait_ms": waits[math.ceil(count * 0.95) - 1] if count else None}
