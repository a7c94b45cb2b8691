"""People who can be mailed, and what is mailed to them."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.mail import sending
from accounts.models import User
from jobs.models import Job
from jobs.worker import run_all
from notifications.mail.taking import take_due_mails
from rooms.models import Notification

ADDRESS = "bob@example.org"


def reachable(user: User, address: str) -> None:
    User.objects.filter(pk=user.pk).update(email=address, date_joined=timezone.now() - timedelta(days=30))
    EmailAddress.objects.update_or_create(user=user, defaults={"email": address, "primary": True, "verified": True})


def mails_after_a_while(smtp) -> list:
    """What was sent since, when it has been unread for long enough."""
    before = len(smtp.mails)
    sending._server.reset()
    Notification.objects.filter(mail_after__isnull=False).update(mail_after=timezone.now())
    Job.objects.filter(state="READY").update(run_after=timezone.now())
    take_due_mails.call()
    run_all()
    return smtp.mails[before:]
