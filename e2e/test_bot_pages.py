"""The pages about bots: what one can do, the examples that a direct message begins with, and the check of its model."""

from playwright.sync_api import expect

from .page_audit import barriers, sticking_out

MAKE = """
from bot.provisioning import create_bot
from accounts.models import User
if not User.objects.filter(username="helper").exists():
    create_bot("helper", model="small-1", base_url="http://localhost:9/v1", description="Knows the handbook.")
"""
STAFF = "from accounts.models import User; User.objects.filter(username='{}').update(is_staff=True, is_superuser=True)"


def test_an_example_is_put_into_the_field_and_not_sent(person, stack, size):
    stack.run(MAKE)
    ann = person("ann", **size)
    ann.page.goto("/dm/helper/")
    ann.page.get_by_role("link", name="Explain this to me in simple words").click()
    field = ann.page.locator("#composer-text")
    expect(field).to_have_value("Explain this to me in simple words: ")
    expect(field).to_be_focused()
    expect(ann.page.locator(".message")).to_have_count(0)
    assert "example" not in ann.page.url
    assert sticking_out(ann.page) == []


def test_without_a_script_it_comes_back_in_the_field(person, stack):
    stack.run(MAKE)
    ann = person("ann", java_script_enabled=False)
    ann.page.goto("/dm/helper/")
    ann.page.get_by_role("link", name="Make a checklist").click()
    expect(ann.page.locator("#composer-text")).to_have_value("Make a checklist out of this: ")
    ann.page.goto("/dm/helper/")
    ann.page.get_by_role("link", name="About this bot").first.click()
    expect(ann.page.get_by_role("heading", name="helper")).to_be_visible()
    expect(ann.page.get_by_text("from the model small-1")).to_be_visible()
    ann.page.get_by_role("link", name="What can you do here").click()
    expect(ann.page.locator("#composer-text")).to_have_value("What can you do here, and what can you not?")


def test_a_bots_page_in_both_schemes(person, stack, size):
    stack.run(MAKE)
    ann = person("ann", **size)
    ann.page.goto("/people/helper/")
    for scheme in ("light", "dark"):
        ann.page.emulate_media(color_scheme=scheme)
        assert (barriers(ann.page), sticking_out(ann.page)) == ([], [])


def test_staff_check_a_model_and_see_each_step(person, stack, model, size):
    sam = person("sam-checks", **size)
    stack.run(STAFF.format(sam.name))
    model.say("ready")
    sam.page.goto("/admin/bot/bot/")
    sam.page.get_by_role("link", name="@bot").click()
    sam.page.get_by_role("button", name="Check the model").click()
    expect(sam.page.get_by_role("heading", name="Full window: failed")).to_be_visible()  # the page reads it anew
    expect(sam.page.get_by_role("heading", name="Streamed answer: passed")).to_be_visible()
    expect(sam.page.get_by_text("OLLAMA_CONTEXT_LENGTH")).to_be_visible()
    sam.page.goto("/admin/bot/bot/usage/")
    expect(sam.page.get_by_role("heading", name="Budgets")).to_be_visible()
    width = sam.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0
