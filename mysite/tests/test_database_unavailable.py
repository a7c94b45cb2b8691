"""While the database is away every page says so with 503, whatever it needs of it; the addresses are the urlconf's."""

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

WRITES = ("INSERT", "UPDATE", "DELETE")


def gone(execute, sql, *rest):
    raise OperationalError("the server closed the connection")


def takes_no_writes(execute, sql, *rest):
    if sql.lstrip().startswith(WRITES):
        raise InterfaceError("connection already closed")
    return execute(sql, *rest)


@pytest.mark.parametrize("fault", [gone, takes_no_writes])
def test_no_address_makes_a_mistake_of_it(routes, people, tried, caplog, monkeypatch, fault):
    monkeypatch.setattr(connection, "close", lambda: None)  # which is right, but ends this test's transaction
    browser = Client(raise_request_exception=False)
    browser.force_login(people["owner"])
    cookies, answers = browser.cookies.copy(), {}
    for route in routes:
        for method in ("GET", "POST"):
            if fault is takes_no_writes and (method == "GET" or route.in_admin):
                continue  # they write nothing, or nothing for this person
            with transaction.atomic():
                with connection.execute_wrapper(fault):
                    answers[method, route.name] = browser.generic(method, route.address)
                transaction.set_rollback(True)
            browser.cookies = cookies.copy()
    statuses = {where: answer.status_code for where, answer in answers.items()}
    assert {where: status for where, status in statuses.items() if status >= 500 and status != 503} == {}
    if fault is gone:
        assert "Traceback" not in caplog.text
        assert list(statuses.values()).count(503) > len(statuses) / 2
    tried(f"addresses without a database ({fault.__name__})", len(answers))


@pytest.mark.parametrize(
    ("path", "form"), [("/privacy/", {"do": "block", "username": "mona"}), ("/chat/", {"title": "Other"})]
)
def test_a_form_is_told_that_it_may_not_have_been_saved(people, path, form):
    browser = Client(raise_request_exception=False, headers={"accept-language": "de"})
    browser.force_login(people["owner"])
    with transaction.atomic():
        with connection.execute_wrapper(takes_no_writes):
            answer = browser.post(path, form)
        transaction.set_rollback(True)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert re.search("vielleicht ist nicht gespeichert, was du geschickt hast", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]


def test_what_a_middleware_raises_is_told_too(people, monkeypatch):
    """Saving the session, after the view."""
    browser = Client(raise_request_exception=False)

    def save(*_args, **_options):
        raise OperationalError("gone")

    monkeypatch.setattr(SessionStore, "save", save)
    monkeypatch.setattr("accounts.security.session_store.SessionStore.save", save)
    answer = browser.post("/accounts/login/", {"login": "bob", "password": "correct horse"})
    assert answer.status_code == 503
    assert "cannot reach its database" in answer.content.decode()
