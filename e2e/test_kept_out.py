"""What the headers of pages do in a browser: nothing private is left to go back to, and the admin goes on working."""

import re

from playwright.sync_api import expect


def test_nothing_is_left_to_go_back_to_after_signing_out(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("between us")
    alice.sees("between us")
    cookies = alice.context.cookies()
    alice.page.goto("/accounts/profile/")
    alice.context.clear_cookies(name="sessionid")
    alice.page.goto("/accounts/login/")
    alice.page.go_back()
    alice.page.go_back()
    alice.page.wait_for_url(re.compile(r"/accounts/login/\?next=/chat/"))
    expect(alice.page.get_by_text("between us")).to_have_count(0)
    alice.context.add_cookies(cookies)  # others use this session


def test_who_goes_away_and_back_finds_the_room_as_it_is_now_and_what_they_wrote(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.page.fill("#composer-text", "half a thought")
    alice.page.goto("/accounts/profile/")
    bob.say("while you were elsewhere")
    bob.sees("while you were elsewhere")
    alice.page.go_back()
    alice.is_live()
    alice.sees("while you were elsewhere")
    expect(alice.page.locator("#composer-text")).to_have_value("half a thought")


ADMIN = """
from accounts.models import User
user = User.objects.get(username="rosa")
user.is_staff = user.is_superuser = True
user.save()
"""
PAGES = ["", "accounts/user/", "rooms/room/", "bot/bot/", "bot/bot/add/", "bot/run/", "password_change/"]


def test_the_admin_works_under_the_policy(person, stack, room):
    """Its scripts make elements of strings, from jQuery on: the browser complains of none."""
    rosa = person("rosa").open(f"/chat/{room}/")
    stack.run(ADMIN)
    for page in PAGES:
        assert rosa.page.goto(f"/admin/{page}").status == 200, page
    rosa.page.goto("/admin/accounts/user/?q=rosa")
    rosa.page.click("#result_list tbody th a")
    expect(rosa.page.locator(".selector-chosen").first).to_be_attached()  # made by a script
    rosa.page.locator("[name=_continue]").click()
    expect(rosa.page.locator(".messagelist .success")).to_be_visible()


def test_no_script_makes_elements_of_strings_elsewhere(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.expect_fault("TrustedHTML|Trusted Type|trusted-types")
    made = alice.page.evaluate("""() => {
        const tries = {
            html: () => (document.body.innerHTML = "<p>x</p>"),
            parser: () => new DOMParser().parseFromString("<p>x</p>", "text/html"),
            policy: () => trustedTypes.createPolicy("mine", { createHTML: (text) => text }),
            again: () => trustedTypes.createPolicy("roundtable", { createHTML: (text) => text }),
        };
        return Object.keys(tries).filter((name) => {
            try { tries[name](); return true; } catch { return false; }
        });
    }""")
    assert made == []
    assert alice.page.locator("#composer-text").count() == 1
