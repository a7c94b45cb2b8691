"""The room in the browser: what one person does on the page, and what it does for them."""

import re

import pytest
from playwright.sync_api import expect

from .person import PASSWORD

HISTORY = """
from accounts.models import User
from rooms.services import membership
from rooms.services.posting import Post, post_many
user = User.objects.get(username="{user}")
room = membership.get_or_create_and_join(user, "{room}")
post_many([Post(user, room.id, f"line {{number}}") for number in range({count})])
"""


@pytest.fixture
def history(stack):
    """history(room, user, count): that many messages, "line 0" and on, written before anybody looks."""

    def write(room: str, user: str, count: int) -> None:
        stack.run(HISTORY.format(room=room, user=user, count=count))

    return write


def top_of(page) -> tuple[str, int]:
    """The first message in view, and where it stands."""
    return page.evaluate("""() => {
        const edge = document.getElementById("timeline").getBoundingClientRect().top;
        const boxOf = (node) => node.getBoundingClientRect();
        const node = [...document.querySelectorAll("#log .message")].find((each) => boxOf(each).bottom > edge);
        return [node.id, Math.round(boxOf(node).top - edge)];
    }""")


def scroll(page, by: int) -> None:
    page.evaluate("(by) => { document.getElementById('timeline').scrollTop += by; }", by)


def choose(one, text: str, doing: str) -> None:
    """An action of the toolbar of a message."""
    one.choose(text, doing)


def test_my_last_message_is_edited_with_arrow_up(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.say("a tpyo")
    alice.sees("a tpyo")
    alice.page.press("#composer-text", "ArrowUp")
    expect(alice.page.locator(".edit-form textarea")).to_have_value("a tpyo")
    alice.edit_to("a typo")
    for one in (alice, bob):
        expect(one.sees("a typo").locator(".edited")).to_be_visible()
    expect(alice.page.locator("#composer-text")).to_have_value("")


def test_editing_leaves_the_draft_alone(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("who has the key?")
    alice.say("an old story")
    alice.sees("who has the key?")
    alice.page.fill("#composer-text", "I have")
    choose(alice, "an old story", "edit")
    expect(alice.page.locator(".edit-form textarea")).to_have_value("an old story")
    choose(alice, "who has the key?", "reply")
    expect(alice.page.locator("#composer-text")).to_have_value("I have")
    alice.page.press("#composer-text", "Enter")
    expect(bob.sees("I have").locator(".quote")).to_contain_text("bob")


def test_a_message_is_replied_to_reacted_to_and_deleted(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("who has the key?")
    alice.sees("who has the key?")
    choose(alice, "who has the key?", "reply")
    alice.say("I have it")
    expect(bob.sees("I have it").locator(".quote")).to_contain_text("bob")
    bob.sees("I have it").locator(".quote").click()
    expect(bob.page.locator(".message:focus")).to_contain_text("who has the key?")
    choose(alice, "who has the key?", "react")
    alice.page.fill("#emoji-picker input", "tada")
    expect(alice.page.locator("#emoji-picker .emoji-grid button").first).to_have_text("🎉")  # loaded when first used
    alice.page.press("#emoji-picker input", "Enter")
    expect(bob.message("who has the key?").locator(".reaction")).to_have_text(re.compile("🎉\\s*1"))
    bob.message("who has the key?").locator(".reaction").click()
    expect(bob.message("who has the key?").locator(".reaction")).to_be_focused()
    reaction = alice.message("who has the key?").locator(".reaction")
    expect(reaction.locator("b")).to_have_text("2")
    reaction.hover()
    expect(reaction).to_have_attribute("title", "you and bob")
    reaction.click()
    expect(reaction.locator("b")).to_have_text("1")
    expect(reaction).to_have_attribute("title", "")
    choose(alice, "I have it", "delete")
    alice.page.click("#undo button")
    expect(alice.page.locator("#undo")).to_be_hidden()
    choose(alice, "I have it", "delete")
    expect(bob.page.locator(".message.deleted")).to_have_count(1)
    expect(bob.page.locator("#log")).not_to_contain_text("I have it")


def test_what_is_deleted_is_in_no_quote(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("it is called swordfish")
    choose(alice, "it is called swordfish", "reply")
    alice.say("do not tell")
    expect(bob.sees("do not tell").locator(".quote")).to_contain_text("it is called swordfish")
    choose(alice, "it is called swordfish", "reply")
    expect(alice.page.locator("#composer-about")).to_contain_text("it is called swordfish")
    choose(bob, "it is called swordfish", "delete")
    expect(alice.page.locator("#composer-about")).to_contain_text("This message was deleted.")
    for one in (alice, bob):
        expect(one.message("do not tell").locator(".quote")).to_contain_text("This message was deleted.")
        assert "swordfish" not in one.page.content()


def test_who_keeps_order_deletes_what_others_said_and_others_do_not(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")  # alice made it
    for one in (alice, bob):
        one.say(f"{one.name} was here")
        one.sees(f"{one.name} was here")
    bob.sees("alice was here").hover()
    expect(bob.page.locator(".actions [data-do=reply]")).to_be_visible()
    bob.page.click(".actions [data-do=more]")
    expect(bob.page.locator("#message-menu [data-do=copy]")).to_be_visible()
    expect(bob.page.locator("#message-menu [data-do=delete]")).to_be_hidden()
    choose(alice, "bob was here", "delete")
    expect(alice.page.locator("#confirm")).to_contain_text("Delete this message by bob for everyone?")
    alice.page.locator("#confirm").get_by_role("button", name="Delete").click()
    expect(bob.page.locator(".message.deleted")).to_have_count(1)


def test_what_cannot_be_sent_says_why_and_can_be_discarded(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.say("\u200b")
    failed = alice.page.locator("[data-pending=failed]")
    expect(failed.locator(".status")).to_contain_text("The message is empty.")
    failed.get_by_role("button", name="Send again").click()
    expect(failed.locator(".status")).to_contain_text("The message is empty.")
    failed.get_by_role("button", name="Discard").click()
    expect(alice.page.locator("#log .message")).to_have_count(0)


def test_a_draft_stays_and_so_does_what_was_said_offline(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    alice.page.fill("#composer-text", "half a thou")
    alice.page.reload()
    alice.is_live()
    expect(alice.page.locator("#composer-text")).to_have_value("half a thou")
    alice.context.set_offline(True)
    alice.page.evaluate("window.dispatchEvent(new Event('offline'))")
    for number in range(3):
        alice.say(f"said offline {number}")
    expect(alice.page.locator("[data-pending=waiting]")).to_have_count(3)
    expect(alice.page.locator("#banner")).to_contain_text("Connection lost")
    alice.context.set_offline(False)
    alice.page.reload()  # they outlive the page
    for number in range(3):
        for one in (alice, bob):
            one.sees(f"said offline {number}")
    expect(alice.page.locator("[data-pending]")).to_have_count(0)
    assert bob.texts() == alice.texts() == [f"said offline {number}" for number in range(3)]


def test_too_long_a_text_says_by_how_much(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    alice.page.fill("#composer-text", "é" * 8007)
    expect(alice.page.locator("#composer-problem")).to_have_text("7 characters too long.")
    expect(alice.page.locator("#composer .send")).to_be_disabled()


def test_names_emoji_and_commands_are_completed(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    field = alice.page.locator("#composer-text")
    expect(alice.page.locator("#people-list .name", has_text=re.compile("^bob$"))).to_be_attached()
    field.press_sequentially("ask @bo")
    expect(alice.page.locator("#completion [role=option]")).to_have_text([re.compile("bob"), re.compile("bot")])
    field.press("ArrowDown")
    field.press("Tab")
    expect(field).to_have_value("ask @bot ")
    field.fill("")
    field.press_sequentially("hooray :tad")
    expect(alice.page.locator("#completion [role=option]").first).to_contain_text("🎉")
    field.press("Enter")
    field.press("Enter")
    bob.sees("hooray 🎉")
    field.press_sequentially("thanks @bob")
    field.press("Enter")  # a whole name needs no completing: it sends
    expect(bob.sees("thanks @bob")).to_have_class(re.compile("for-me"))
    field.press_sequentially("/top")
    field.press("Enter")
    field.press_sequentially("All about tea")
    field.press("Enter")
    bob.sees(re.compile("set the topic to “All about tea”"))


def test_scrolling_back_loads_all_of_the_history_and_moves_nothing(person, room, size, history):
    alice, bob = person("alice", **size), person("bob")
    history(room, "bob", 400)
    alice.open(f"/chat/{room}/")
    log = alice.page.locator("#log .message")
    expect(log).to_have_count(50)
    older, beginning = alice.page.locator("#older"), alice.page.locator(".beginning")
    expect(beginning).to_be_hidden()
    for _ in range(60):
        if alice.message(re.compile(r"^\s*line 0\s*$")).count():
            break
        before = alice.page.locator("#log .message").first.get_attribute("id")
        scroll(alice.page, -100_000)
        expect(alice.page.locator("#log .message").first).not_to_have_id(before)
    expect(log.first).to_contain_text("line 0")
    expect(older).to_be_hidden()
    expect(beginning).to_be_visible()
    assert log.count() <= 300
    scroll(alice.page, 600)
    seen = top_of(alice.page)
    bob.open(f"/chat/{room}/").say("one more")
    expect(alice.page.locator("#to-newest")).to_be_visible()
    expect(alice.page.locator("#to-newest .count")).not_to_be_empty()
    assert top_of(alice.page) == seen
    alice.page.click("#to-newest")
    expect(alice.sees("one more")).to_be_in_viewport()
    expect(alice.page.locator("#to-newest")).to_be_hidden()
    expect(beginning).to_be_hidden()


def test_a_link_to_a_message_opens_around_it(person, room, history):
    alice = person("alice")
    history(room, "alice", 200)
    alice.open(f"/chat/{room}/")
    first = int(alice.page.locator("#log .message").first.get_attribute("data-id"))
    held = []  # what scrolling asks for takes its time
    alice.page.route(re.compile("after="), lambda route: route.continue_() if held else held.append(route))
    alice.open("/chat/").open(f"/chat/{room}/#m{first - 100}")
    expect(alice.page.locator(f"#m{first - 100}")).to_be_in_viewport()
    expect(alice.page.locator(f"#m{first - 100}")).to_contain_text("line 50")
    if not held:  # on its way to the place, the page may have come near the end of what was loaded
        with alice.page.expect_request(re.compile("after=")):
            scroll(alice.page, 100_000)
    alice.page.click("#to-newest")
    held[0].continue_()
    expect(alice.page.locator("#log .message").last).to_contain_text("line 199")
    expect(alice.page.locator("#log .message").last).to_be_in_viewport()
    assert alice.page.evaluate("location.hash") == ""  # a reload stays there


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
    dora.page.click("#banner a")
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
    choose(bob, "before it was closed", "edit")
    expect(bob.page.locator("#toast")).to_have_text("This room is archived.")
    expect(bob.page.locator("#composer-about")).to_be_hidden()
    about.get_by_text("Manage this room").click()
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
    assert bob.page.url.endswith(f"/chat/{room}/")


def paste(one, text: str) -> None:
    one.page.locator("#composer-text").evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.focus();
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
            document.execCommand("insertText", false, text);
            field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
        }""",
        text,
    )


def test_many_lines_that_are_pasted_can_become_a_code_block(person, room, size):
    alice = person("alice", **size).open(f"/chat/{room}/")
    lines = "def f():\n    return 1\n\n\nprint(f())"
    offer = alice.page.get_by_role("button", name="Format as code block")
    paste(alice, lines)
    offer.click()
    expect(alice.page.locator("#composer-text")).to_have_value(f"```\n{lines}\n```\n")
    alice.page.press("#composer-text", "Enter")
    expect(alice.page.locator(".message pre code")).to_contain_text("return 1")
    paste(alice, "1\n2\n3\n4\n5")
    expect(offer).to_be_visible()
    alice.page.press("#composer-text", "Enter")
    expect(offer).to_be_hidden()
