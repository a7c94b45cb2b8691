"""The settings of the server in a browser: staff change one, and it counts at once."""

import pytest
from playwright.sync_api import expect

from .conftest import ARTIFACTS
from .german_pages import GERMAN, look_at
from .page_audit import AXE
from .person import PASSWORD

STAFF = "from accounts.models import User; User.objects.filter(username='{}').update(is_staff=True, is_superuser=True)"


@pytest.fixture
def options(size) -> dict:
    return {**size, **GERMAN, "has_touch": size["viewport"]["width"] < 900}


def test_staff_change_a_setting_and_it_counts_at_once(person, stack, options):
    olga = person("olga-sets", **options)
    stack.run(STAFF.format(olga.name))
    olga.add_init_script(AXE)
    page = olga.page
    page.goto("/server/settings/")
    look_at(olga, "the settings of the server")
    width = options["viewport"]["width"]
    page.screenshot(path=ARTIFACTS / f"server-settings-{width}.png", full_page=True)
    files = page.locator("section", has=page.get_by_role("heading", name="Dateien", exact=True))
    files.get_by_role("link", name="Ändern", exact=True).click()
    if page.get_by_label("Passwort", exact=True).count():
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Weiter", exact=True).click()
    number = page.get_by_label("Größte Datei, in MB", exact=True)
    expect(number).to_have_value("50")
    number.fill("51")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Gespeichert. Es gilt sofort.", exact=True)).to_be_visible()
    look_at(olga, "a group of settings")
    page.screenshot(path=ARTIFACTS / f"settings-group-{width}.png", full_page=True)
    assert olga.context.request.get("/api/server/settings").json()["settings"]
    page.get_by_role("button", name="„Größte Datei, in MB“ zurücksetzen", exact=True).click()
    expect(page.get_by_text("Der Standard gilt wieder.", exact=True)).to_be_visible()
    expect(number).to_have_value("50")
