"""The server's own pages in a browser: what staff see of the server and of people, and what they do with an account."""

import re

import pytest
from playwright.sync_api import expect

from .german_pages import GERMAN, enter, look_at
from .page_audit import AXE
from .person import PASSWORD

OWNER = """
from accounts.models import User
from accounts.role_changes import change_role
from accounts.roles import ServerRole
change_role(User.objects.get(username="{name}"), ServerRole.OWNER, None)
"""
SAMPLES = """
from datetime import timedelta
from django.utils import timezone
from staff.history import measure, take_sample
from staff.models import Sample
take_sample.call()
hour = timezone.now().replace(minute=0, second=0, microsecond=0)
for back in range(2, 60, 3):
    values = measure(hour) | {"messages": back * 40, "people_active": back, "tokens": back * 1000}
    Sample.objects.get_or_create(hour=hour - timedelta(hours=back), defaults=values)
"""
TROUBLE = """
from django.utils import timezone
from accounts.models import OutgoingMail, RefusedAddress
from backups.models import Backup
from jobs.models import Job
now = timezone.now()
Job.objects.create(task="e2e.test_server_pages.gone", arguments={}, digest=str(now), state="FAILED", finished=now)
OutgoingMail.objects.create(kind="x", address="gone@example.org", state="failed", code="550")
RefusedAddress.objects.get_or_create(email="void@example.org", code="550")
Backup.objects.create(started=now, finished=now, lease_until=now, error="OSError")
"""


@pytest.fixture
def options(size) -> dict:
    return {**size, **GERMAN, "has_touch": size["viewport"]["width"] < 900}


def owner(person, stack, name: str, **options):
    one = person(name, **options)
    stack.run(OWNER.format(name=one.name))
    return one


def test_staff_see_how_the_server_does(person, stack, options):
    olga = owner(person, stack, "olga-looks", **options)
    olga.add_init_script(AXE)
    stack.run(SAMPLES)
    olga.page.goto("/server/")
    nav = olga.page.get_by_role("navigation", name="Seiten des Servers")
    expect(nav.get_by_role("link", name="Überblick", exact=True)).to_have_attribute("aria-current", "page")
    expect(olga.page.get_by_role("complementary", name="Anzusehen")).to_contain_text("verschickt keine E-Mails")
    expect(olga.page.locator(".chart rect").first).to_be_attached()
    look_at(olga, "the overview")
    olga.page.get_by_role("link", name="30 Tage", exact=True).click()
    expect(olga.page).to_have_url(re.compile(r"\?span=month$"))
    olga.page.locator(".chart summary").first.click()
    expect(olga.page.locator(".chart table").first).to_be_visible()
    look_at(olga, "the overview of 30 days")


def test_staff_find_somebody_and_sign_them_out(person, stack, options):
    olga, ben = owner(person, stack, "olga-manages", **options), person("ben-managed", **options)
    olga.add_init_script(AXE)
    page = olga.page
    page.goto("/accounts/reauthenticate/")
    enter(olga, "password", PASSWORD, "**/chat/")
    page.goto("/server/people/")
    look_at(olga, "the list of people")
    page.get_by_label("Name oder Adresse", exact=True).fill(ben.name)
    page.get_by_role("button", name="Anzeigen", exact=True).click()
    expect(page.locator(".settings-content .rows > li")).to_have_count(1)
    page.locator(".settings-content .rows a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ben.name)
    look_at(olga, "a person")
    page.get_by_role("button", name="Deaktivieren", exact=True).click()
    look_at(olga, "asked before an account is deactivated")
    page.locator("#confirm [value=yes]").click()
    expect(page.get_by_role("button", name="Wieder aktivieren", exact=True)).to_be_visible()
    ben.page.goto("/inbox/")
    expect(ben.page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_role("button", name="Wieder aktivieren", exact=True).click()
    expect(page.get_by_role("button", name="Deaktivieren", exact=True)).to_be_visible()


def test_staff_see_to_what_runs_the_server(person, stack, options):
    olga = owner(person, stack, "olga-operates", **options)
    olga.add_init_script(AXE)
    page = olga.page
    stack.run(TROUBLE)
    for name in ("mail", "bots", "storage", "backups", "jobs"):
        page.goto(f"/server/{name}/")
        look_at(olga, name)
    row = page.locator(".rows > li", has_text="test_server_pages.gone")
    row.get_by_role("button", name=re.compile(r"^Auftrag \d+ entfernen$")).click()
    page.locator("#confirm [value=yes]").click()
    expect(row).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Der Auftrag ist entfernt.")).to_be_visible()


def test_a_link_for_a_new_password_without_a_script(person, stack):
    olga, ben = owner(person, stack, "olga-plain", java_script_enabled=False), person("ben-plain")
    page = olga.page
    page.goto(f"/server/people/?q={ben.name}")
    page.get_by_role("link", name=ben.name, exact=True).last.click()
    page.get_by_role("button", name="Link for a new password", exact=True).click()
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
    expect(page.locator("#link")).to_have_value(re.compile("/accounts/password/reset/key/"))
