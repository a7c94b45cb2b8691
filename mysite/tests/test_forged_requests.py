"""Forged requests at every address, taken from the urlconf: a new one is tried by itself."""

import json

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from .routes import BODIES, UNSAFE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

# A signed link is all that is asked for: mail programs follow it for their reader, and have no token.
# An issuer that ends sessions signs what it sends, and is no browser.
BY_LINK = {"mail_stop", "sso_logged_out"}
SHOWN = {"share"}  # what an app shares is shown in a form, which has a token of its own
FORGED = {
    "no token": ({}, {}),
    "a token of nobody's": ({"csrfmiddlewaretoken": "x" * 64}, {"X-CSRFToken": "x" * 64}),
    "a short token": ({"csrfmiddlewaretoken": "x"}, {"X-CSRFToken": "x"}),
    "another site": ({}, {"Origin": "https://evil.example"}),
    "no site": ({}, {"Origin": "null"}),
}


def contents() -> dict[str, list]:
    """Every row of ours; sessions come and go with each request."""
    models = [model for model in apps.get_models() if model._meta.app_label != "sessions"]
    return {model._meta.label: sorted(map(repr, model.objects.values_list())) for model in models}


@pytest.mark.long
@pytest.mark.any_database
def test_no_forged_request_does_anything(routes, people, tried):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(people["staff"])
    browser.get("/chat/")
    before, cases = contents(), 0
    for route in routes:
        for method in UNSAFE:
            for why in FORGED if method == "POST" else ("no token", "another site"):
                form, headers = FORGED[why]
                body = json.dumps(BODIES.get(route.name, {})) if route.address.startswith("/api/") else _encoded(form)
                kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
                answer = browser.generic(method, route.address, body, kind, headers=headers)
                cases += 1
                # The API has no address there, or none for that method: it does not look further.
                refused = {403, 404, 405} if route.address.startswith("/api/") or route.name in BY_LINK else {403}
                if route.name in SHOWN:
                    refused = {200 if method == "POST" else 405}
                assert answer.status_code in refused, (route.name, method, why, answer.status_code)
    assert contents() == before
    assert cases > 558
    tried("forged requests", cases)


def test_the_same_requests_with_the_token_are_let_through(routes, people):
    """Or the test above would pass where everything is refused."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["owner"])
    browser.get("/accounts/login/")
    browser.get(reverse("profile"))
    token = browser.cookies["csrftoken"].value
    form = {"csrfmiddlewaretoken": token, "status": "hi", "email": ""}
    assert browser.post(reverse("profile"), form).status_code == 302
    answer = browser.post("/api/direct", {"username": "bob"}, "application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def _encoded(form: dict) -> str:
    return "&".join(f"{name}={value}" for name, value in form.items())
