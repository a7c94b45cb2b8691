"""A mail server that speaks SMTP, with STARTTLS and sign-in, and answers as a test wants it to."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "chat@example.org", "correct horse"
GOOD = "250 OK"


class SmtpServer:
    """`replies` says what it answers to RCPT by address, to MAIL and DATA by these words, and to DATA by "after
    <address>" when it has taken the mail; "" hangs up. A list: one at a time, then all is good. slow: seconds before
    the answer to DATA, by address."""

    def __init__(self, folder: Path, tls: str = "starttls"):
        self.mails: list[EmailMessage] = []  # in order
        self.recipients: list[str] = []
        self.asked: list[str] = []  # for whom something was to be taken
        self.replies: dict[str, str | list[str]] = {}
        self.slow: dict[str, float] = {}
        self.signed_in = 0
        self.on_data: Callable[[], None] = lambda: None  # before it answers
        self.certificate = folder / "certificate.pem"
        context = _context(self.certificate, folder / "key.pem")
        self._context = context if tls == "tls" else None
        self._options = {"require_starttls": True, "tls_context": context} if tls == "starttls" else {}
        self._options |= {"authenticator": self._authenticate, "auth_require_tls": tls == "starttls"}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = self._loop.create_server(self._connected, "127.0.0.1", 0, ssl=self._context)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Whoever connects is refused from now on."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._server.close)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _connected(self) -> SMTP:
        return SMTP(self, hostname="localhost", loop=self._loop, enable_SMTPUTF8=True, **self._options)

    async def handle_MAIL(self, server, session, envelope, address, options):
        return self._answer(server, "MAIL") or self._keep(envelope, "mail_from", address)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        if answer := self._answer(server, address):
            return answer
        envelope.rcpt_tos.append(address)
        return GOOD

    async def handle_DATA(self, server: SMTP, session, envelope):
        self.on_data()
        await asyncio.sleep(max((self.slow.get(each, 0) for each in envelope.rcpt_tos), default=0))
        if answer := self._answer(server, "DATA"):
            return answer
        self.recipients += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return self._answer(server, f"after {envelope.rcpt_tos[0]}") or GOOD

    def _answer(self, server: SMTP, about: str) -> str:
        answer = self.replies.get(about)
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if answer == "" and server.transport:
            server.transport.abort()
        return "421 gone" if answer == "" else answer or ""

    def _keep(self, envelope, name: str, value: str) -> str:
        setattr(envelope, name, value)
        return GOOD

    def _authenticate(self, server, session, envelope, mechanism, data: LoginPassword) -> AuthResult:
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.signed_in += good
        return AuthResult(success=good, handled=False)


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
