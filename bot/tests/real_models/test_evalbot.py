"""evalbot, asking a real server. What a small model answers means nothing: only that each case is asked and checked."""

import io
import json

import pytest
from django.core.management import call_command

CASES = ["when-by-clock", "cite-one", "catch-up-in-private"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]


def test_three_cases_are_asked_and_checked(llama, use):
    use(llama)
    out = io.StringIO()
    try:
        call_command("evalbot", *[f"--only={name}" for name in CASES], "--json", stdout=out)
    except SystemExit as ended:
        assert ended.code == 1
    found = json.loads(out.getvalue())
    assert [each["name"] for each in found["cases"]] == CASES and found["model"] == llama.model
    assert all(each["answer"] and each["tokens_in"] for each in found["cases"])
    assert not any("it failed" in problem for each in found["cases"] for problem in each["problems"])
