"""What is wrong with the server: found, said on every page of staff and by a command, and to nobody else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone, translation
from redis import Redis

from backups.models import Backup
from common.redis_version import Version
from jobs.models import FAILED, Job
from staff import problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_is_well(settings, monkeypatch, redis_server):
    monkeypatch.setattr(problems, "_kept", None)
    monkeypatch.setattr(problems.usage, "disk_left", lambda: 100 * 2**30)
    settings.EMAIL_HOST, settings.BACKUP_EVERY = "mail.example.org", 24
    settings.SITE_URL, settings.HTTPS, settings.DEBUG = "https://chat.example.org", True, False


def keys() -> list[str]:
    return [each.key for each in problems.find_now()]


def backup(**fields) -> None:
    now = timezone.now()
    Backup.objects.create(**{"started": now, "finished": now, "lease_until": now} | fields)


def test_a_server_that_does_well():
    assert keys() == []
    written = StringIO()
    call_command("checkserver", stdout=written)
    assert written.getvalue() == "All is well.\n"


def test_each_problem_is_found(settings, monkeypatch):
    settings.EMAIL_HOST, settings.BACKUP_EVERY, settings.HTTPS, settings.DEBUG = "", 0, False, True
    monkeypatch.setattr(problems.usage, "disk_left", lambda: 2**20)
    Job.objects.create(task="a.b", state=FAILED, finished=timezone.now())
    Job.objects.create(task="a.c", digest="c", run_after=timezone.now() - timedelta(hours=1))
    assert keys() == ["debug", "http", "disk", "jobs_behind", "jobs_failed", "no_backups", "no_mail"]
    assert "1 MB" in problems.problems()[2].sentence
    with pytest.raises(CommandError, match="7"):
        call_command("checkserver", stdout=StringIO())


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_what_nobody_else_reaches_needs_no_encryption(settings, site):
    settings.SITE_URL, settings.HTTPS, settings.DEBUG = site, False, True
    assert keys() == []


def test_backups(settings):
    old = timezone.now() - timedelta(hours=49)
    backup(started=old, finished=old)
    assert keys() == ["backup_old"]
    settings.BACKUP_EVERY = 0
    assert keys() == []  # by hand, a few days ago
    backup(error="disk full")
    assert keys() == ["backup_failed"]
    Backup.objects.filter(error="").delete()
    assert keys() == ["no_backups", "backup_failed"]


def test_redis(settings, monkeypatch, redis_client: Redis):
    redis_client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert keys() == ["redis_evicts"]
    finally:
        redis_client.config_set("maxmemory-policy", "noeviction")
    monkeypatch.setattr(problems, "parse_server_version", lambda _info: Version("Redis", (5, 0, 1)))
    assert keys() == ["redis_old"]
    settings.REDIS_URLS = ["redis://127.0.0.1:1/0"]
    assert keys() == ["redis_away"]


def test_versions_side_by_side():
    recorder = MigrationRecorder.Migration.objects
    recorder.create(app="rooms", name="9999_of_tomorrow")
    recorder.create(app="gone", name="0001_initial")  # of an app that was removed
    assert keys() == ["newer"]
    recorder.filter(app="rooms").delete()
    assert keys() == ["migrations"]


def test_staff_see_it_on_each_page_and_nobody_else(settings, owner, browser, alice):
    settings.EMAIL_HOST = ""
    shown = browser.get("/server/audit/").content.decode()
    assert "This server sends no e-mail." in shown
    assert 'id="side-server"' in browser.get("/inbox/").content.decode()
    other = Client()
    other.force_login(alice)
    assert 'id="side-server"' not in other.get("/inbox/").content.decode()
    with translation.override("de"):
        assert (
            problems.problems()[0].sentence == "Dieser Server verschickt keine E-Mails."
        )  # though it was found before


def test_it_is_not_looked_up_for_each_page(browser, settings, monkeypatch):
    browser.get("/server/audit/")
    monkeypatch.setattr(problems, "find", lambda: pytest.fail("looked up again"))
    browser.get("/server/audit/")
