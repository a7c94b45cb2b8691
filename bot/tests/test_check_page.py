"""The check of a bot's model in the admin: what checkbot says, one at a time, with a limit in time."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from bot import endpoint_check, endpoint_traits
from bot.llm.checks import CheckResult
from bot.models import EndpointTrait
from bot.web import check_jobs
from e2e.model_server import Reply as Model
from mysite.tests.waiting import PATIENCE

from .test_commands import answer_checks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_reports(bot):
    cache.delete_many([check_jobs._key(bot), check_jobs._lock_key(bot)])


@pytest.fixture
def address(bot):
    return f"/admin/bot/bot/{bot.pk}/check/"


@pytest.fixture
def check(admin_client, address):
    """check() → the page once the check has ended."""

    def run():
        assert admin_client.post(address).status_code == 302
        wait_ended()
        return admin_client.get(address).content.decode()

    return run


def wait_ended():
    for thread in threading.enumerate():
        if thread.name.startswith("check of "):
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_a_bots_page_has_the_button(admin_client, bot, address):
    page = admin_client.get(f"/admin/bot/bot/{bot.pk}/change/").content.decode()
    assert f'action="{address}"' in page and "Check the model" in page
    assert admin_client.get("/admin/bot/bot/add/").status_code == 200


def test_the_page_shows_each_step(model, check, bot):
    model.answer_with(answer_checks)
    page = check()
    for step in ("Whole answer", "Streamed answer", "Tools", "Full window", "Image"):
        assert f"{step}:" in page
    assert page.count('class="passed"') == 5 and "tokens in" in page and "<q>ready</q>" in page
    assert "refresh" not in page and "Checked on" in page


def test_what_the_server_says_and_what_helps_is_shown_and_remembered(model, check, bot):
    def answer(request):
        if "tools" in request.body:
            return Model.error(400, "this model does not support <tools>")
        return Model("Which flower?") if "marigold" in request.said else Model("ready")

    model.answer_with(answer)
    page = check()
    assert "this model does not support &lt;tools&gt;" in page and "OLLAMA_CONTEXT_LENGTH" in page
    assert page.count('class="failed"') == 3
    assert [trait.name for trait in EndpointTrait.objects.exclude(name=EndpointTrait.READING_SPEED)] == ["tools"]


def test_a_key_that_is_rejected_is_said_in_each_readers_language_and_not_shown(
    model, check, bot, admin_client, address
):
    model.answer_with(Model.error(401, "Incorrect API key provided: test-key"))
    admin_client.cookies["django_language"] = "de"
    page = check()
    assert "Der Server sagt" in page and "test-key" not in page and page.count('class="failed"') == 1
    assert "Prüfe den Schlüssel" in page
    admin_client.cookies["django_language"] = "en"  # somebody else looks at the same check
    page = admin_client.get(address).content.decode()
    assert "Check the key" in page and "Prüfe" not in page


def test_one_check_of_a_bot_at_a_time(model, admin_client, address):
    gate = threading.Event()
    model.answer_with(Model("ready", hold=gate))
    assert admin_client.post(address).status_code == 302
    page = admin_client.get(address).content.decode()
    assert 'http-equiv="refresh"' in page and "disabled" in page
    page = admin_client.post(address, follow=True).content.decode()
    assert "A check is running already." in page
    gate.set()
    wait_ended()
    assert len([request for request in model.requests if "ready" in request.said]) == 2  # of one check


def test_a_check_ends_after_its_time(model, check, monkeypatch):
    monkeypatch.setattr(check_jobs, "TIME_LIMIT", 0.2)
    gate = threading.Event()
    model.answer_with(Model("ready", hold=gate))
    assert "The check took longer than" in check()
    assert len(model.requests) <= 2  # a whole answer, and a stream that does not end
    gate.set()


def test_a_check_whose_process_ended_is_said_to_be_interrupted(admin_client, address, bot):
    cache.set(check_jobs._key(bot), {"state": "running", "started": 0.0, "steps": [], "reason": ""}, 60)
    page = admin_client.get(address).content.decode()
    assert "The check was interrupted." in page and "refresh" not in page


def test_a_fault_of_ours_is_said(model, check, monkeypatch, caplog):
    def break_it(_bot):
        raise RuntimeError("a fault")

    monkeypatch.setattr("bot.endpoint_check.check_bot", break_it)
    assert "Something went wrong on this server." in check()
    assert "a fault" in caplog.text


def test_without_a_model_nothing_is_asked(admin_client, address, settings):
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    page = admin_client.post(address, follow=True).content.decode()
    assert "No model is connected" in page and "Check now" not in page


def test_only_staff_that_may_change_bots_may_check(make_user, address, alice, model):
    clerk = make_user("kim", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_bot"))
    for user, code in ((alice, 302), (clerk, 403)):
        client = Client()
        client.force_login(user)
        assert client.post(address).status_code == client.get(address).status_code == code
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("sam", is_staff=True, is_superuser=True))
    assert strict.post(address).status_code == 403
    assert not model.requests


def test_speeds_are_told_where_they_can_be_measured():
    few = CheckResult("stream", True, first_seconds=0.5, seconds=1.0, tokens_read=40, tokens_written=1)
    many = CheckResult("stream", True, first_seconds=0.5, seconds=1.0, tokens_read=4000, tokens_written=50)
    assert (few.tokens_read_per_second, few.tokens_per_second) == (None, None)
    assert (many.tokens_read_per_second, many.tokens_per_second) == (8000, 100)


def test_how_fast_a_server_reads_is_remembered(bot):
    results = [
        CheckResult("full", passed=True, first_seconds=2.0, tokens_read=4000),
        CheckResult("round", passed=True, first_seconds=0.1, tokens_read=4100),  # the server had most of it
        CheckResult("plain", passed=True, first_seconds=0.1, tokens_read=12),  # too few to say
    ]
    endpoint_check.remember(bot.endpoint, results)
    known = EndpointTrait.objects.get(name=EndpointTrait.READING_SPEED)
    assert (known.value, known.model) == (2000, bot.endpoint.model)
    assert endpoint_traits.with_traits(bot.endpoint).refused == frozenset()
    endpoint_check.remember(bot.endpoint, [])
    assert not EndpointTrait.objects.exists()
