"""The audit log in a browser: staff find an act in it, and whoever it concerns reads it in the settings."""

import pytest
from playwright.sync_api import expect

from .german_pages import GERMAN, look_at
from .page_audit import AXE

STAFF = "from accounts.models import User; User.objects.filter(username='{}').update(is_staff=True, is_superuser=True)"
ACT = """
from accounts.models import User
from rooms.services import membership, moderation
owner, person = (User.objects.get(username=name) for name in ("{owner}", "{person}"))
room = membership.create_room(owner, "{title}")
membership.add_member(room, person)
moderation.remove(owner, room.name, person.pk, ban=True)
"""


@pytest.fixture
def options(size) -> dict:
    return {**size, **GERMAN, "has_touch": size["viewport"]["width"] < 900}


def test_staff_find_an_act_and_whoever_it_concerns_reads_it(person, stack, options):
    olga, ben = person("olga-audits", **options), person("ben-audited", **options)
    title = f"Garden {options['viewport']['width']}"
    stack.run(STAFF.format(olga.name) + ACT.format(owner=olga.name, person=ben.name, title=title))
    for one in (olga, ben):
        one.add_init_script(AXE)
    olga.page.goto("/server/audit/")
    olga.page.get_by_label("Raum", exact=True).fill(title)
    olga.page.get_by_role("button", name="Anzeigen").click()
    entries = olga.page.locator(".audit-lines > li")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text(f"hat @{ben.name} aus #{title} verbannt")
    look_at(olga, "the audit log")
    with olga.page.expect_download() as download:
        olga.page.get_by_role("button", name="Als Tabelle herunterladen").click()
    assert ben.name in download.value.path().read_text()
    ben.page.goto("/settings/activity/")
    expect(ben.page.locator(".audit-lines > li").first).to_contain_text(f"hat @{ben.name} aus")
    look_at(ben, "what was done to an account")
