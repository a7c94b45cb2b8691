"""The room in the browser: what one person does on the page, and what it does for them."""

import re

from playwright.sync_api import expect


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
    alice.choose("an old story", "edit")
    expect(alice.page.locator(".edit-form textarea")).to_have_value("an old story")
    alice.choose("who has the key?", "reply")
    expect(alice.page.locator("#composer-text")).to_have_value("I have")
    alice.page.press("#composer-text", "Enter")
    expect(bob.sees("I have").locator(".quote")).to_contain_text("bob")


def test_a_message_is_replied_to_reacted_to_and_deleted(person, room, size):
    alice, bob = person("alice", **size).open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("who has the key?")
    alice.sees("who has the key?")
    alice.choose("who has the key?", "reply")
    alice.say("I have it")
    expect(bob.sees("I have it").locator(".quote")).to_contain_text("bob")
    bob.sees("I have it").locator(".quote").click()
    expect(bob.page.locator(".message:focus")).to_contain_text("who has the key?")
    alice.choose("who has the key?", "react")
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
    alice.page.mouse.move(0, 0)
    reaction.hover()
    expect(reaction).to_have_attribute("title", "bob")  # asked anew
    alice.choose("I have it", "delete")
    alice.page.click("#undo button")
    expect(alice.page.locator("#undo")).to_be_hidden()
    alice.choose("I have it", "delete")
    expect(bob.page.locator(".message.deleted")).to_have_count(1)
    expect(bob.page.locator("#log")).not_to_contain_text("I have it")


def test_what_is_deleted_is_in_no_quote(person, room):
    alice, bob = person("alice").open(f"/chat/{room}/"), person("bob").open(f"/chat/{room}/")
    bob.say("it is called swordfish")
    alice.choose("it is called swordfish", "reply")
    alice.say("do not tell")
    expect(bob.sees("do not tell").locator(".quote")).to_contain_text("it is called swordfish")
    alice.choose("it is called swordfish", "reply")
    expect(alice.page.locator("#composer-about")).to_contain_text("it is called swordfish")
    bob.choose("it is called swordfish", "delete")
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
    alice.choose("bob was here", "delete")
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
