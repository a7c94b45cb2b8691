"""Sends mails. Whether the mail server takes one is told to whoever needs to know; notices wait for nobody."""

import logging
import smtplib
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

MAX_WAITING = 100  # notices

_sender = ThreadPoolExecutor(1, thread_name_prefix="mail")  # a slow server holds up other notices, and no page


class MailRefused(Exception):
    """The mail server cannot be reached, or did not take the mail."""


def send(message: EmailMessage) -> None:
    """Send it now. Raises MailRefused; the log has the reason, without the address."""
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", "")
        logger.warning("the mail server did not take a mail: %s", f"{type(error).__name__} {code}".strip())
        raise MailRefused from None


def send_later(message: EmailMessage) -> None:
    """Send it soon, in another thread. What fails is logged."""
    if _sender._work_queue.qsize() >= MAX_WAITING:
        logger.warning("too many mails wait to be sent; one was dropped")
        return
    _sender.submit(_send_quietly, message)


def flush() -> None:
    """Wait until every notice so far was sent or has failed."""
    _sender.submit(lambda: None).result()


def _send_quietly(message: EmailMessage) -> None:
    try:
        send(message)
    except MailRefused:
        pass  # logged
    except Exception:
        # Of a future that nobody looks at, no fault would ever be seen.
        logger.exception("a mail could not be sent")
