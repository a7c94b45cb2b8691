"""Roundtable as an app: what is there without a connection, and what comes while nobody looks."""

import re

import pytest
from playwright.sync_api import expect

from .service_worker import CONTROLLED, ServiceWorker, until

KEPT = "async ([address, text]) => (await (await caches.match(address))?.text())?.includes(text)"


@pytest.fixture
def installed(person, room):
    """Somebody in a room, in a browser with a service worker."""
    alice = person(f"app-{room}", service_workers="allow").open(f"/chat/{room}/")
    until(alice.page, CONTROLLED)
    return alice


def test_without_a_connection_what_was_open_is_there_and_is_gone_after_signing_out(installed, room):
    alice, page = installed, installed.page
    alice.say("before the train went into the tunnel")
    alice.sees("before the train went into the tunnel")
    alice.looks_away()  # what is new is kept
    until(page, KEPT, [f"/chat/{room}/", "into the tunnel"])
    for address in ("/chat/", "/drafts/", "/offline/"):
        until(page, KEPT, [address, "</html>"])
    alice.looks_back()
    alice.context.set_offline(True)
    page.goto(f"/chat/{room}/?around=1")
    expect(alice.message("into the tunnel")).to_be_visible()
    expect(page.locator("#kept-bar")).to_contain_text("You are offline. This is what was here at")
    alice.say("written in the tunnel")
    expect(alice.message("written in the tunnel")).to_have_attribute("data-pending", re.compile(".+"))
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.get_by_role("link", name=room)).to_have_attribute("href", f"/chat/{room}/")
    page.goto(f"/chat/{room}/")
    expect(alice.message("into the tunnel")).to_be_visible()
    alice.context.set_offline(False)
    alice.sees("written in the tunnel")
    expect(page.locator("#kept-bar")).to_have_count(0)
    page.click(".side-me")
    page.locator("#my-menu").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("caches.keys()") == []


def test_a_push_shows_calls_once_is_taken_back_and_leads_to_its_message(installed, room):
    alice, page = installed, installed.page
    alice.context.grant_permissions(["notifications"])
    alice.say("the one that was pushed")
    message = alice.sees("the one that was pushed")
    number = int(message.get_attribute("id").removeprefix("m"))
    told = {"v": 1, "type": "show", "id": 7, "tag": f"room:{room}", "kind": "mention", "title": "bob in tea"}
    told |= {"body": "hello", "url": f"/chat/{room}/#m{number}", "room": room, "message": number, "at": "2026-11-30"}
    page.goto("/drafts/")
    worker = ServiceWorker(alice)
    worker.push(**told)
    assert worker.shows(1) == [
        {"title": "bob in tea", "body": "hello", "tag": f"room:{room}", "actions": ["Reply", "Mark as read"]}
    ]
    worker.push(**told | {"body": "once more"})  # the same row
    words = {"reply": "Antworten", "read": "Als gelesen markieren"}  # in the reader's language
    worker.push(**told | {"id": 8, "tag": "room:other", "body": "of another room", "words": words})
    shown = worker.shows(2)
    assert {each["body"] for each in shown} == {"hello", "of another room"}
    assert list(words.values()) in [each["actions"] for each in shown]
    worker.push(type="close", tags=["room:other"])
    worker.shows(1)
    assert worker.click(f"room:{room}") is None  # in the window that is there
    expect(message).to_be_in_viewport()
    worker.shows(0)


def test_a_new_worker_takes_over_while_older_pages_are_open(installed, room):
    """In another language it has another address; with another version of its modules, another text."""
    alice, old = installed, installed.page
    alice.is_reusable = False
    new = alice.another_tab(f"/chat/{room}/")
    new.goto("/settings/")
    with new.expect_navigation():
        new.select_option("[name=language]", "de")
    for page in (old, new):
        until(page, "async () => navigator.serviceWorker.controller.scriptURL.endsWith('?language=de')")
    worker = next(each for each in alice.context.service_workers if each.url.endswith("?language=de"))
    assert worker.evaluate("self.words.reply") == "Antworten"
    alice.say("by the page of before")
    alice.sees("by the page of before")
    new.goto(f"/chat/{room}/")
    expect(new.locator(".message .text").last).to_have_text("by the page of before")
