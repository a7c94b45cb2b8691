"""`manage.py checkmail` tells apart what can be wrong with a mail server."""

import socket

from django.core.management import CommandError, call_command

from .smtp_server import PASSWORD, SmtpServer

ADDRESS = "alice@example.org"


def check(capsys, *address: str) -> str:
    """What the command says, and at which step it ends."""
    try:
        call_command("checkmail", *address, no_color=True)
    except CommandError as error:
        return capsys.readouterr().out + str(error)
    return capsys.readouterr().out


def test_a_server_that_works(smtp, capsys):
    said = check(capsys, ADDRESS)
    assert said.splitlines() == [
        "Connection: passed", "Encryption: passed", "Signing in: passed", "Test mail: passed", "Mail can be sent.",
    ]  # fmt: skip
    (mail,) = smtp.mails
    assert (smtp.recipients, mail["To"], mail["Subject"]) == (
        [ADDRESS],
        ADDRESS,
        "[Roundtable] Test of the mail server",
    )
    assert (mail["From"], mail["Auto-Submitted"]) == ("Roundtable <chat@example.org>", "auto-generated")
    assert "Test mail" not in check(capsys)
    assert (len(smtp.mails), smtp.signed_in) == (1, 2)


def test_what_is_wrong(smtp, settings, capsys, tmp_path, monkeypatch):
    settings.EMAIL_HOST_PASSWORD = "wrong"
    assert "Signing in: The server does not accept EMAIL_USER with EMAIL_PASSWORD." in check(capsys)
    settings.EMAIL_HOST_PASSWORD = PASSWORD
    for about, reply, sentence in (
        ("MAIL", "553 not yours", "does not let us send as Roundtable <chat@example.org>"),
        (ADDRESS, f"550 nobody {PASSWORD}", "does not take mail for this address. The server says: 550 nobody …"),
        ("DATA", "554 spam", "refused the mail itself, perhaps as spam. The server says: 554 spam"),
        ("DATA", "", "closed the connection"),
    ):
        smtp.replies = {about: reply}
        said = check(capsys, ADDRESS)
        assert said.splitlines()[-1].startswith("Test mail: ")
        assert sentence in said
    smtp.replies = {}
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = True, False
    assert "Connection: " in (said := check(capsys))
    assert "does not speak TLS as expected" in said
    settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = False, True
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "Encryption: The certificate of localhost is not valid" in check(capsys)
    smtp.stop()
    assert "Connection: Nothing answers at localhost:" in check(capsys)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.1
        assert "does not answer in time" in check(capsys)
    settings.EMAIL_HOST = "nowhere.invalid"
    assert "Connection: The name nowhere.invalid is not known." in check(capsys)
    settings.EMAIL_HOST = ""
    assert "No mail server is set." in check(capsys)


def test_tls_from_the_beginning_and_a_server_without_any(smtp, settings, capsys, tmp_path, monkeypatch):
    folder = tmp_path / "tls"
    folder.mkdir()
    other = SmtpServer(folder, "tls")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.certificate))
    settings.EMAIL_PORT, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = other.port, True, False
    assert "Mail can be sent." in check(capsys, ADDRESS)
    other.stop()
    plain = SmtpServer(folder, "no")
    settings.EMAIL_PORT, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = plain.port, False, True
    assert "Encryption: The server does not offer this at localhost:" in check(capsys)
    settings.EMAIL_USE_TLS = False
    assert "Mail can be sent." in check(capsys, ADDRESS)
    plain.stop()
