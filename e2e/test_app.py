"""Roundtable as an app: what is there without a connection, and what comes while nobody looks."""

import json
import re

import pytest
from playwright.sync_api import expect

CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"
KEPT = "async ([address, text]) => (await (await caches.match(address))?.text())?.includes(text)"
SHOWN = """async () => (await registration.getNotifications())
    .map(({ title, body, tag, actions }) => ({ title, body, tag, actions: actions.map((each) => each.title) }))"""
SO_MANY = f"async (count) => (await ({SHOWN})()).length === count"
# A browser without windows, such as chromium-headless-shell, shows no notifications.
SHOW_NONE = """() => {
    const shown = new Map();
    registration.showNotification = async (title, options) =>
        void shown.set(options.tag, { title, ...options, close: () => shown.delete(options.tag) });
    registration.getNotifications = async ({ tag } = {}) =>
        [...shown.values()].filter((each) => !tag || each.tag === tag);
}"""


def until(page, holds: str, arg=None) -> None:
    """Wait for an asynchronous function, which Page.wait_for_function does not. page: or a worker."""
    assert page.evaluate(
        f"""async (arg) => {{
            for (let tries = 0; tries < 1000; tries++) {{
                if (await ({holds})(arg)) return true;
                await new Promise((done) => setTimeout(done, 50));
            }}
            return false;
        }}""",
        arg,
    )


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


def test_a_push_shows_calls_once_and_is_taken_back(installed, person, room):
    alice, page = installed, installed.page
    alice.context.grant_permissions(["notifications"])
    alice.is_reusable = False
    alice.say("the one that was pushed")
    message = alice.sees("the one that was pushed")
    number = int(message.get_attribute("id").removeprefix("m"))
    devtools = alice.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    told = {"v": 1, "type": "show", "id": 7, "tag": f"room:{room}", "kind": "mention", "title": "bob in tea"}
    told |= {"body": "hello", "url": f"/chat/{room}/#m{number}", "room": room, "message": number, "at": "2026-11-30"}

    def push(**fields) -> None:
        data = json.dumps(told | fields)
        where = {"origin": alice.stack.base_url, "registrationId": found[-1]}
        devtools.send("ServiceWorker.deliverPushMessage", {**where, "data": data})

    page.goto("/drafts/")
    [worker] = alice.context.service_workers
    if page.evaluate("Notification.permission") != "granted":
        worker.evaluate(SHOW_NONE)
    push()
    until(worker, SO_MANY, 1)
    assert worker.evaluate(SHOWN) == [
        {"title": "bob in tea", "body": "hello", "tag": f"room:{room}", "actions": ["Reply", "Mark as read"]}
    ]
    push(body="once more")  # the same row
    push(id=8, tag="room:other", body="of another room")
    until(worker, SO_MANY, 2)
    assert {each["body"] for each in worker.evaluate(SHOWN)} == {"hello", "of another room"}
    push(type="close", tags=["room:other"])
    until(worker, SO_MANY, 1)
