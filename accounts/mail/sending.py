"""Sends mails, at once with an error for the caller, or in the background."""

import logging
import smtplib
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

MAX_QUEUED = 100  # mails in the background

_sender = ThreadPoolExecutor(1, thread_name_prefix="mail")  # a slow mail server delays other mails, but no page


class MailNotSent(Exception):
    """The mail server cannot be reached or has rejected the mail."""


def send(message: EmailMessage) -> None:
    """Send it now. Raises MailNotSent; the reason is logged, without the address."""
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", "")
        logger.warning("the mail server did not take a mail: %s", f"{type(error).__name__} {code}".strip())
        raise MailNotSent from None


def send_in_background(message: EmailMessage) -> None:
    """Send it soon, in another thread. Failures are logged."""
    if _sender._work_queue.qsize() >= MAX_QUEUED:
        logger.warning("too many mails wait to be sent; one was dropped")
        return
    _sender.submit(_send_and_log_errors, message)


def flush() -> None:
    """Wait until every mail queued so far has been sent or has failed."""
    _sender.submit(lambda: None).result()


def _send_and_log_errors(message: EmailMessage) -> None:
    try:
        send(message)
    except MailNotSent:
        pass  # logged
    except Exception:
        # Nobody reads the result of this future, so the error would be lost.
        logger.exception("a mail could not be sent")
