"""A device by itself: what reaches it while no page is open, and what other apps share with this one."""

import json

import pytest
from playwright.sync_api import expect

from .faults.world import inside
from .push_service import PushService
from .service_worker import CONTROLLED, ServiceWorker, until

# What a browser asks the push service of its maker for, it has from the one of the tests.
SUBSCRIBE = """
const subscription = { toJSON: () => (%s), unsubscribe: async () => localStorage.removeItem("subscribed") };
Notification.requestPermission = async () => "granted";
Object.defineProperty(Notification, "permission", { get: () => "granted" });
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem("subscribed", applicationServerKey);
    return subscription;
};
PushManager.prototype.getSubscription = async () => localStorage.getItem("subscribed") ? subscription : null;
"""
# It has no script that a click could lead on. Were the last page really closed, the browser would end the worker's
# process, and with it what the tests pretend there.
NO_PAGE = "/offline/"
SHARE = """() => {
    const form = Object.assign(document.createElement("form"), { action: "/share/", method: "post", id: "sharing" });
    form.enctype = "multipart/form-data";
    for (const name of ["title", "text", "files"]) {
        const type = name === "files" ? "file" : "text";
        form.append(Object.assign(document.createElement("input"), { name, type, multiple: true }));
    }
    document.body.append(form);
}"""
FILES = [
    {"name": "menu.txt", "mimeType": "text/plain", "buffer": b"soup, bread"},
    {"name": "prices.csv", "mimeType": "text/csv", "buffer": b"soup,4\nbread,1\n"},
]


@pytest.fixture
def service():
    running = PushService()
    yield running
    running.close()


@pytest.fixture
def reached(person, make_stack, service, room):
    """(somebody whose device notifies her and who has closed the page, its worker, somebody else, next(tag))"""
    settings = {"JOB_WORKERS": 1, "PUSH_HOSTS": service.origin, "PUSH_AFTER": 0, **inside("quick_passwords")}
    stack, browser = make_stack(**settings), service.subscribe()
    alice = person("alice", stack, service_workers="allow")
    alice.add_init_script(SUBSCRIBE % json.dumps(browser.to_json()))
    alice.open(f"/chat/{room}-too/").open(f"/chat/{room}/")
    alice.page.goto("/settings/notifications/")
    alice.page.get_by_role("button", name="Turn on").click()
    expect(alice.page.get_by_text("This device notifies you.")).to_be_visible()
    worker = ServiceWorker(alice)
    alice.page.goto(NO_PAGE)
    brought: list[dict] = []

    def bring(**fields) -> dict:
        """Hand the worker what the push service is given, until there is one like this. Returns that one."""
        while True:
            stack.wait_until(lambda: len(service.shown(browser)) > len(brought))
            brought.append(service.shown(browser)[len(brought)])
            worker.push(**brought[-1])
            if fields.items() <= brought[-1].items():
                return brought[-1]

    return alice, worker, person("bob", stack), bring


def test_with_all_pages_closed_a_push_arrives_leads_to_its_message_and_is_answered(reached, room):
    alice, worker, bob, bring = reached
    here, there = f"room:{room}", f"room:{room}-too"
    bob.open(f"/chat/{room}-too/").say("@alice another thing")
    bring(tag=there)
    bob.open(f"/chat/{room}/").say("@alice lunch?")
    bring(tag=here)
    first, second = sorted(worker.shows(2), key=lambda each: each["tag"])
    assert (first["title"], first["body"]) == (f"bob mentioned you in {room}", "@alice lunch?")
    assert second["body"] == "@alice another thing"
    assert worker.badge == 2

    address = worker.click(here)
    alice.page.goto(address)
    expect(alice.message("@alice lunch?")).to_be_in_viewport()
    expect(alice.page.locator(f'#side li[data-room="{room}-too"] .badge')).to_have_text("1")  # nothing else is read
    expect(alice.page.locator("#side-inbox li:first-child .badge")).to_have_text("1")
    alice.page.goto(NO_PAGE)
    bring(type="close")  # read here, it goes from her other devices
    [still] = worker.shows(1)
    assert still["tag"] == there

    bob.say("@alice or tea?")
    bring(tag=here)
    worker.shows(2)
    assert worker.click(here, "reply", "tea, in five minutes") is None
    expect(bob.sees("tea, in five minutes").locator(".quote")).to_contain_text("or tea?")

    assert worker.click(there, "read") is None
    bring(type="close", tags=[there])
    assert worker.shows(0) == []


def test_what_another_app_shares_goes_into_the_message_of_the_chosen_room(person, room):
    alice = person(f"alice-{room}", service_workers="allow").open(f"/chat/{room}/")
    bob, page = person("bob").open(f"/chat/{room}/"), alice.page
    until(page, CONTROLLED)
    page.evaluate(SHARE)
    page.fill("#sharing [name=title]", "Today's menu")
    page.fill("#sharing [name=text]", "https://example.org/menu")
    page.set_input_files("#sharing [name=files]", FILES)
    with page.expect_navigation(url="**/share/"):
        page.evaluate("document.getElementById('sharing').submit()")
    expect(page.locator("#share blockquote")).to_have_text(
        "Today's menu\nhttps://example.org/menu\n📎 menu.txt\n📎 prices.csv", use_inner_text=True
    )
    page.locator("#share").get_by_role("link", name=room).click()
    expect(page.locator("#composer-text")).to_have_value("Today's menu\nhttps://example.org/menu")
    expect(page.locator(".tray-file")).to_have_count(2)
    expect(bob.page.locator("#log .message")).to_have_count(0)  # nothing is sent before she says so
    page.click("#composer .send")
    message = bob.sees("example.org/menu")
    for name in ("menu.txt", "prices.csv"):
        expect(message.locator(".file", has_text=name)).to_have_count(1)
    page.goto("/share/")
    expect(page.get_by_role("heading", name="Nothing is shared")).to_be_visible()
