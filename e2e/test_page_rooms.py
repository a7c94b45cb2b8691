"""A room in the browser: what is new in it, where it leads, and what others see of a change."""

import re

from playwright.sync_api import expect

from .person import PASSWORD


def test_what_is_new_is_counted_at_the_side_and_in_the_title_and_marked_in_the_room(person, room, size):
    alice, bob = person("alice"), person("bob", **size)
    bob.open(f"/chat/{room}/").say("hello")
    bob.sees("hello")
    bob.open(f"/chat/{room}-too/")
    alice.open(f"/chat/{room}/").say("are you there @bob")
    entry = bob.page.locator(f'#side li[data-room="{room}"]')
    expect(entry.locator(".badge")).to_have_text("1")
    expect(entry).to_have_class(re.compile("mentioned"))
    expect(bob.page).to_have_title(re.compile(r"^\(\d+\)"))
    other_tab = bob.context.new_page()
    other_tab.goto(f"/chat/{room}/")
    expect(other_tab.locator(".new-line + .message")).to_contain_text("are you there")
    expect(entry.locator(".badge")).to_be_empty()  # read there is read here
    alice.open("/dm/bob/").say("psst")
    expect(bob.page.locator("#side-direct-messages li", has_text="alice").locator(".badge")).to_have_text(
        re.compile(r"^\d+$")
    )


def test_the_palette_leads_to_rooms_and_words(person, room):
    alice = person("alice").open(f"/chat/{room}-far/").open(f"/chat/{room}/")
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type(f"{room}-f")
    alice.page.keyboard.press("Enter")
    alice.page.wait_for_url(f"**/chat/{room}-far/")
    alice.is_live()
    alice.say("a needle in the hay")
    alice.sees("a needle in the hay")
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type("needle hay")
    alice.page.get_by_role("option", name="Search messages").click()
    alice.page.locator(".hits a", has_text="needle").click()
    expect(alice.page.locator(".message:focus")).to_contain_text("a needle in the hay")


def test_signed_out_elsewhere_one_signs_in_again_where_one_is(person, room):
    dora = person("dora").open(f"/chat/{room}/")
    dora.page.fill("#composer-text", "not lost")
    other_tab = dora.context.new_page()
    other_tab.goto("/accounts/logout/")
    other_tab.locator("main form button").first.click()
    other_tab.wait_for_url("**/accounts/login/**")
    expect(dora.page.locator("#banner")).to_contain_text("You are signed out")
    dora.page.locator("#banner").get_by_role("link", name="Sign in", exact=True).click()
    expect(dora.page.locator("#sign-in-name")).to_have_value("dora")
    dora.page.keyboard.type("wrong")
    dora.page.press("#sign-in-password", "Enter")
    expect(dora.page.locator("#sign-in .error")).not_to_be_empty()
    dora.page.fill("#sign-in-password", PASSWORD)
    dora.page.press("#sign-in-password", "Enter")
    expect(dora.page.locator("#sign-in")).to_be_hidden()
    dora.is_live()
    expect(dora.page.locator("#composer-text")).to_have_value("not lost")


def test_without_a_script_a_room_is_read_and_posted_to(person, room, size):
    alice = person("alice", java_script_enabled=False, **size)
    alice.expect_fault("status of 404")
    alice.page.goto(f"/chat/{room}/")
    alice.page.click("#create-room")
    alice.page.fill("#composer-text", "said **without** a script")
    alice.page.click("#composer .send")
    expect(alice.page.locator("#log .message .text strong")).to_have_text("without")


def test_commands_do_what_they_say_and_lose_nothing(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    toast = alice.page.locator("#toast")
    alice.say("/me waves")
    expect(bob.sees("alice waves").locator("em")).to_be_visible()
    alice.say("/help")
    keys = alice.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_contain_text("/invite")
    alice.page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    alice.say("/invite @bob")
    expect(toast).to_have_text("bob is now in the room.")
    alice.say("/shrug I do not know")
    expect(toast).to_contain_text("There is no command /shrug")
    field, offer = alice.page.locator("#composer-text"), alice.page.locator("#send-as-it-is")
    expect(field).to_have_value("/shrug I do not know")
    expect(offer).to_be_visible()
    field.press_sequentially("!")
    expect(offer).to_be_hidden()
    alice.say("/tmp is **full**")
    offer.click()
    expect(bob.sees("/tmp is full").locator("strong")).to_have_text("full")
    expect(field).to_have_value("")
    expect(offer).to_be_hidden()
    alice.say("／me waves again")
    expect(bob.sees("alice waves again").locator("em")).to_be_visible()


def test_a_topic_and_the_closing_of_a_room_show_where_it_is_open(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    field = bob.page.locator("#composer-text")
    alice.say("/topic Cake & <b>tea</b>")
    for one in (alice, bob):
        expect(one.page.locator(".room-head .topic")).to_have_text("Cake & <b>tea</b>")
    about = alice.context.new_page()
    bob.say("before it was closed")
    alice.sees("before it was closed")
    field.fill("half written")
    about.goto(f"/chat/{room}/people/")
    about.click(".by-name summary")
    about.fill("#whom", "bob")
    about.press("#whom", "Enter")  # it takes a button to take somebody out
    expect(about.locator(".about-people")).to_contain_text("bob")
    expect(about.locator("#whom")).to_have_value("bob")
    about.goto(f"/chat/{room}/about/")
    about.get_by_text("Manage this room").click()
    about.click("button[value=close]")
    about.click("#confirm [value=yes]")
    expect(field).to_have_attribute("placeholder", "This room is archived.")
    expect(field).not_to_be_editable()
    expect(bob.page.locator("#composer-problem")).to_have_text("This room is archived.")
    expect(bob.page.locator(".send")).to_be_disabled()
    expect(bob.page.locator("#composer-emoji")).to_be_disabled()
    field.press("Enter")
    expect(field).to_have_value("half written")
    bob.choose("before it was closed", "edit")
    expect(bob.page.locator("#toast")).to_have_text("This room is archived.")
    expect(bob.page.locator("#composer-about")).to_be_hidden()
    about.click("button[value=reopen]")
    expect(field).to_have_attribute("placeholder", f"Message {room}")
    expect(bob.page.locator("#composer-problem")).to_be_empty()
    field.press("Enter")
    alice.sees("half written")


def test_a_rename_shows_wherever_the_room_is_listed(person, room, size):
    alice, bob = (
        person("alice", **size).open(f"/chat/{room}/"),
        person("bob").open(f"/chat/{room}-too/").open(f"/chat/{room}/"),
    )
    elsewhere = bob.another_tab(f"/chat/{room}-too/")
    listed = f'#side li[data-room="{room}"] .side-name'
    expect(elsewhere.locator(listed)).to_have_text(room)
    about = alice.context.new_page()
    about.goto(f"/chat/{room}/about/")
    new = f"{room} & <b>tea</b>"
    about.get_by_text("Manage this room").click()
    about.fill("#title", new)
    about.click("text=Rename")
    expect(about.locator("h1")).to_have_text(new)
    bob.sees(f"renamed the room from “{room}” to “{new}”")
    for one in (alice, bob):
        expect(one.page.locator(".room-head h1")).to_have_text(new)
        expect(one.page.locator(listed)).to_have_text(new)
        expect(one.page.locator("#composer-text")).to_have_attribute("placeholder", f"Message {new}")
        expect(one.page).to_have_title(re.compile(rf"^(\(\d+\) )?{re.escape(new)} · Roundtable$"))
    expect(elsewhere.locator(listed)).to_have_text(new)
    expect(elsewhere).to_have_title(re.compile(f"{room}-too · Roundtable$"))
    expect(bob.page).to_have_url(re.compile(f"/chat/{room}/$"))
