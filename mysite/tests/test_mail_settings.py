"""Where mail goes out: each way of saying it, and a sentence for each mistake, without the password."""

import logging

import pytest
from django.core.exceptions import ImproperlyConfigured

from mysite.log_filters import RedactSecrets
from mysite.mail_settings import MailServer, read, sender

NOTHING = {"url": "", "host": "", "port": 0, "user": "", "password": "", "tls": ""}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, MailServer()),
        ({"host": "mail"}, MailServer("mail", 25)),
        ({"host": "mail", "port": 587}, MailServer("mail", 587, tls="starttls")),
        ({"host": "mail", "tls": "tls"}, MailServer("mail", 465, tls="tls")),
        ({"host": "mail", "port": 2525, "user": "u", "password": "p", "tls": "no"}, MailServer("mail", 2525, "u", "p")),
        ({"host": "localhost", "user": "u", "password": "p"}, MailServer("localhost", 25, "u", "p")),
        ({"url": "smtp://mail.example.org"}, MailServer("mail.example.org", 25)),
        ({"url": "smtp://u%40x:p%2Fq@mail/?tls=starttls"}, MailServer("mail", 587, "u@x", "p/q", "starttls")),
        ({"url": "smtp://u:p@mail:587"}, MailServer("mail", 587, "u", "p", "starttls")),
        ({"url": "smtps://u:p@mail"}, MailServer("mail", 465, "u", "p", "tls")),
        ({"url": "smtps://u:p@[::1]:4650/"}, MailServer("::1", 4650, "u", "p", "tls")),
    ],
)
def test_a_server(given, found):
    assert read(**NOTHING | given) == found


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"url": "smtp://mail", "port": 25}, "EMAIL_URL and EMAIL_PORT are both set"),
        ({"url": "mail.example.org"}, "EMAIL_URL cannot be understood"),
        ({"url": "http://mail"}, "EMAIL_URL cannot be understood"),
        ({"url": "smtp://u:hunter22@mail/inbox"}, "EMAIL_URL cannot be understood"),
        ({"url": "smtp://u:hunter/22@mail:587"}, "EMAIL_URL cannot be understood"),
        ({"url": "smtp://u:hunter22@mail/?tls=often"}, "EMAIL_URL cannot be understood"),
        ({"url": "smtp://u:hunter22@mail/?ssl=yes"}, "EMAIL_URL cannot be understood"),
        ({"url": "smtps://u:hunter22@mail/?tls=starttls"}, "EMAIL_URL begins with smtps"),
        ({"user": "u", "password": "hunter22"}, "EMAIL_USER is set, but EMAIL_HOST is not"),
        ({"host": "mail", "tls": "ssl"}, "EMAIL_TLS is 'ssl'; use one of: no, starttls, tls"),
        ({"host": "mail", "user": "u"}, "has no password"),
        ({"host": "mail", "password": "hunter22"}, "has no user"),
        ({"host": "mail", "user": "u", "password": "hunter22"}, "EMAIL_PASSWORD would go over the network unencrypted"),
        ({"host": "mail", "user": "u", "password": "hünter22", "tls": "tls"}, "must be ASCII"),
        ({"host": "mail.example.org/"}, "names the host"),
    ],
)
def test_a_mistake(given, sentence):
    with pytest.raises(ImproperlyConfigured) as error:
        read(**NOTHING | given)
    assert sentence in str(error.value)
    assert "hunter" not in str(error.value)


def test_who_it_is_from():
    assert sender("", "") == "roundtable@localhost"
    assert sender("", "chat@example.org") == "chat@example.org"
    assert sender("Chat <chat@example.org>", "u") == "Chat <chat@example.org>"
    for wrong in ("chat", "Chat <chat>", "a b@example.org", "chat@example.org\nBcc: x@example.org"):
        with pytest.raises(ImproperlyConfigured, match="EMAIL_FROM is"):
            sender(wrong, "")


def test_the_password_and_secret_links_are_in_no_log(settings):
    settings.EMAIL_HOST_PASSWORD = "hunter22"
    said = "%s: smtps://u:other/pass@mail, hunter22, /accounts/confirm-email/MQ:1x:abc/ and /mail/stop/abc/"
    record = logging.LogRecord("x", logging.INFO, "", 0, said, ("x",), None)
    RedactSecrets().filter(record)
    assert record.getMessage() == "x: smtps://…@mail, …, /accounts/confirm-email/…/ and /mail/stop/…/"
