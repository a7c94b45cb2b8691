"""Calls of the HTTP API with a token."""

import json

from django.test import Client

from accounts.models import Token


class Api:
    """Calls with a person's token; answers are (status, JSON)."""

    def __init__(self, user):
        self._header = {"Authorization": f"Bearer {Token.issue(user, 'test')[1]}"}
        self._client = Client()

    def __call__(self, method, path, body=None):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body or {})
        options = {} if method == "GET" else {"data": data, "content_type": "application/json"}
        answer = self._client.generic(method, path, headers=self._header, **options)
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        return answer.status_code, answer.json()

    def get(self, path):
        return self("GET", path)

    def post(self, path, body=None):
        return self("POST", path, body)


def code(answer):
    """Status and code of an error, whose shape is checked."""
    status, body = answer
    assert {"code", "reason", "message"} <= set(body) <= {"code", "reason", "params", "message", "retry_after"}
    assert body["message"].endswith(".")
    return status, body["code"]
