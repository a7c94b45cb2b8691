"""Hands one mail to the mail server, and tells the reasons for failures apart."""

import re
import smtplib

from django.core.mail import EmailMessage

from ..outgoing_mail import Reason

# These answers mean that the address does not exist. Others (no relaying, blocked, full) do not.
_NO_SUCH_ADDRESS = re.compile(r"5\d\d[ -]5\.(1\.[0-36]|2\.1)\b")
_UNEXPLAINED = re.compile(r"55[013](?![ -]\d\.\d+\.\d)")
_CODE = re.compile(r"\d{3}([ -]\d\.\d{1,3}\.\d{1,3})?")


class NotDelivered(Exception):
    """code: what the server answered, such as "550 5.1.1"; empty when it did not answer."""

    def __init__(self, reason: Reason, code: str = ""):
        super().__init__(f"{reason} {code}".strip())
        self.reason, self.code = reason, code


def deliver(mail: EmailMessage) -> None:
    """Raises NotDelivered."""
    mail.subject = _as_it_is(str(mail.subject))
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        answer = f"{code} {said.decode('ascii', 'replace')}"
        raise NotDelivered(_about_recipient(code, answer), _code(answer)) from None
    except smtplib.SMTPDataError as error:
        answer = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise NotDelivered(Reason.LATER if error.smtp_code < 500 else Reason.MAIL, _code(answer)) from None
    except smtplib.SMTPResponseException as error:  # before the mail itself
        raise NotDelivered(Reason.SERVER, _code(f"{error.smtp_code} {_text(error.smtp_error)}")) from None
    except OSError:
        raise NotDelivered(Reason.SERVER) from None
    except ValueError:  # what cannot be written as a mail, such as letters in an address that the server does not know
        raise NotDelivered(Reason.MAIL) from None


def _as_it_is(subject: str) -> str:
    """With nothing that a mail program takes for other words in disguise, such as a room's title "=?utf-8?b?4oCu?=".

    A sign that nobody sees has the subject encoded as a whole, and it is decoded once."""
    return subject.replace("=?", "=\u2060?")


def _about_recipient(code: int, answer: str) -> Reason:
    if code == 421:
        return Reason.SERVER
    if code < 500:
        return Reason.LATER
    return Reason.ADDRESS if _NO_SUCH_ADDRESS.match(answer) or _UNEXPLAINED.match(answer) else Reason.MAIL


def _text(said: bytes | str) -> str:
    return said.decode("ascii", "replace") if isinstance(said, bytes) else said


def _code(answer: str) -> str:
    found = _CODE.match(answer)
    return found[0].replace("-", " ") if found else ""
