"""Tries the mail server step by step. Says in plain words what is wrong, and which setting helps."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from site_settings import current

from ..plain_text import clean_line
from .links import absolute_url
from .sending import subject_prefix

MAX_WORDS = 300  # characters of what the server says


STEPS: dict[str, str | Promise] = {
    "settings": _("Settings"),
    "connection": _("Connection"),
    "encryption": _("Encryption"),
    "sign_in": _("Signing in"),
    "test_mail": _("Test mail"),
}
REASONS: dict[str, str | Promise] = {
    "mail_server_missing": _("No mail server is set. Set EMAIL_URL, or EMAIL_HOST and what goes with it."),
    "name_unknown": _("The name %(host)s is not known. Check EMAIL_HOST."),
    "nothing_answers": _("Nothing answers at %(place)s. Usual ports are 587 (starttls), 465 (tls) and 25 (no)."),
    "late": _("%(place)s does not answer in time. A firewall may be in between; many networks block port 25."),
    "certificate_invalid": _(
        "The certificate of %(host)s is not valid for this name, has expired, or is signed by nobody known."
    ),
    "tls_failed": _("%(place)s does not speak TLS as expected. Try EMAIL_TLS=starttls with 587, or tls with 465."),
    "sign_in_refused": _(
        "The server does not accept EMAIL_USER with EMAIL_PASSWORD. Some want a password made for programs."
    ),
    "not_offered": _("The server does not offer this at %(place)s: check EMAIL_TLS, or leave EMAIL_USER empty."),
    "sender_refused": _("The server does not let us send as %(from)s. Set EMAIL_FROM to an address of this account."),
    "address_refused": _("The server does not take mail for this address."),
    "mail_refused": _("The server refused the mail itself, perhaps as spam."),
    "disconnected": _("%(place)s closed the connection. It may expect TLS from the beginning: EMAIL_TLS=tls."),
    "server_error": _("The mail server answered with an error."),
    "no_way": _("There is no way to %(place)s."),
}
# The first that fits counts: some are subclasses of others.
_BY_ERROR: list[tuple[tuple[type[Exception], ...], str]] = [
    ((socket.gaierror,), "name_unknown"),
    ((ConnectionRefusedError,), "nothing_answers"),
    ((TimeoutError,), "late"),
    ((ssl.SSLCertVerificationError,), "certificate_invalid"),
    ((ssl.SSLError,), "tls_failed"),
    ((smtplib.SMTPAuthenticationError,), "sign_in_refused"),
    ((smtplib.SMTPNotSupportedError,), "not_offered"),
    ((smtplib.SMTPSenderRefused,), "sender_refused"),
    ((smtplib.SMTPRecipientsRefused,), "address_refused"),
    ((smtplib.SMTPDataError,), "mail_refused"),
    ((smtplib.SMTPServerDisconnected, ConnectionError), "disconnected"),
    ((smtplib.SMTPException,), "server_error"),
    ((OSError,), "no_way"),
]


@dataclass(frozen=True, slots=True)
class Step:
    """name: a key of STEPS. reason: a key of REASONS, or empty when it passed. words: what the server said."""

    name: str
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def passed(self) -> bool:
        return not self.reason

    @property
    def title(self) -> str:
        """In the active language, like `sentence`."""
        return str(STEPS[self.name])

    @property
    def sentence(self) -> str:
        """What went wrong, and what helps. Empty when it passed."""
        return str(REASONS[self.reason]) % self.params if self.reason else ""

    def as_dict(self) -> dict:
        return asdict(self)


def check(address: str = "") -> Iterator[Step]:
    """Connect, encrypt and sign in as for any mail; then send a test to this address, if given. Stops at a failure."""
    if not settings.EMAIL_HOST:
        yield Step("settings", "mail_server_missing")
        return
    link: list[smtplib.SMTP] = []
    steps: list[tuple[str, Callable[[], object]]] = [("connection", lambda: link.append(_connect()))]
    if settings.EMAIL_USE_TLS:
        steps.append(("encryption", lambda: _encrypt(link[0])))
    if settings.EMAIL_HOST_USER:
        account = settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD
        steps.append(("sign_in", lambda: link[0].login(*account)))
    if address:
        steps.append(("test_mail", lambda: _send_test(link[0], address)))
    try:
        for name, work in steps:
            try:
                work()
            except (smtplib.SMTPException, OSError) as error:
                yield Step(name, _reason_of(error), _params(), words_of(error))
                return
            yield Step(name)
    finally:
        for each in link:
            each.close()


def _reason_of(error: Exception) -> str:
    if isinstance(error.__context__, TimeoutError):
        error = error.__context__  # smtplib calls this a closed connection: it closed it itself, after the timeout
    return next(reason for kinds, reason in _BY_ERROR if isinstance(error, kinds))


def _params() -> dict[str, str]:
    """What the sentences of REASONS name."""
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return {"place": place, "host": settings.EMAIL_HOST, "from": settings.DEFAULT_FROM_EMAIL}


def words_of(error: Exception) -> str:
    """What the server said, in one line of at most MAX_WORDS characters, without the password."""
    said: object = getattr(error, "smtp_error", "") or getattr(error, "verify_message", "")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        said = b"%d %s" % (code, said)
    elif code := getattr(error, "smtp_code", 0):
        said = b"%d %s" % (code, said if isinstance(said, bytes) else str(said).encode())
    text = clean_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said))
    if password := settings.EMAIL_HOST_PASSWORD:
        text = text.replace(password, "…")
    return text[:MAX_WORDS]


def _connect() -> smtplib.SMTP:
    kind = partial(smtplib.SMTP_SSL, context=ssl.create_default_context()) if settings.EMAIL_USE_SSL else smtplib.SMTP
    link = kind(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        local_hostname=DNS_NAME.get_fqdn(),
        timeout=settings.EMAIL_TIMEOUT,
    )
    link.ehlo_or_helo_if_needed()
    return link


def _encrypt(link: smtplib.SMTP) -> None:
    link.starttls(context=ssl.create_default_context())
    link.ehlo_or_helo_if_needed()


def _send_test(link: smtplib.SMTP, address: str) -> None:
    text = _("This is a test of the mail server. If you can read it, %(server)s can send e-mail.")
    server = current.text("SERVER_NAME")
    subject = f"{subject_prefix()}{_('Test of the mail server')}"
    body = f"{text % {'server': server}}\n\n-- \n{server}, {absolute_url('/')}\n"
    mail = EmailMessage(subject, body, to=[address])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    link.send_message(mail.message())
