"""Blocked words in the browser: a moderator enters them, and whoever writes one reads which it is."""

from playwright.sync_api import expect

from .german_pages import GERMAN, look_at
from .page_audit import AXE

SEED = """
from accounts.models import User
from rooms.services import membership
alice, quentin = (User.objects.get(username=name) for name in ("alice", "quentin"))
room = membership.get_or_create_and_join(alice, "{room}")
membership.add_member(room, quentin)
"""
STAFF = "from accounts.models import User; User.objects.filter(username='{}').update(is_staff=True, is_superuser=True)"


def test_a_moderator_blocks_a_word_and_a_writer_reads_which(at_her_desk, person, room):
    alice = at_her_desk(SEED)
    page = alice.page
    page.goto(f"/chat/{room}/about/")
    page.get_by_text("Manage this room", exact=True).click()
    words = page.get_by_label("Words and phrases, one on each line", exact=True)
    words.fill("badger\ntwo words")
    page.locator("form", has=words).get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    quentin = person("quentin").open(f"/chat/{room}/")
    quentin.page.locator("#composer-text").fill("A Badger!")
    quentin.page.keyboard.press("Enter")
    expect(quentin.page.get_by_text("“badger” cannot be written in this room. Change the text.").first).to_be_visible()
    page.goto(f"/chat/{room}/about/")
    page.get_by_text("Manage this room", exact=True).click()
    expect(words).to_have_value("badger\ntwo words\n")


def test_staff_block_a_word_everywhere(person, stack, size):
    olga = person("olga-blocks", **size, **GERMAN, has_touch=size["viewport"]["width"] < 900)
    stack.run(STAFF.format(olga.name))
    olga.add_init_script(AXE)
    page = olga.page
    olga.expect_fault("the server responded with a status of 400")
    page.goto("/server/blocked-words/")
    page.get_by_label("Links, je Zeile ein Hostname", exact=True).fill("example org")
    page.get_by_role("button", name="Speichern", exact=True).click()
    look_at(olga, "a host that is none")
    links = page.get_by_label("Links, je Zeile ein Hostname", exact=True)
    expect(links).to_have_value("example org\n")
    links.fill("")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Gespeichert.", exact=True)).to_be_visible()
    look_at(olga, "blocked words")
