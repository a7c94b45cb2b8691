"""A device and its pages together: nothing rings twice, nothing shared is lost, and a subscription follows its key."""

import json

from playwright.sync_api import expect

from .push_service import PushService
from .service_worker import CONTROLLED, ServiceWorker, until

# Counts the tones that a page begins.
RINGS = """
self.rang = 0;
const Tone = self.OscillatorNode;
self.OscillatorNode = class extends Tone { start(...when) { self.rang += 1; return super.start(...when); } };
"""
HAS_HEARD = """async (row) => {
    const open = indexedDB.open("roundtable-worker", 1);
    await new Promise((done, failed) => Object.assign(open, { onsuccess: done, onerror: failed }));
    const { result: database } = open;
    if (!database.objectStoreNames.length) return void database.close();
    const reading = database.transaction("rung").objectStore("rung").get("heard");
    await new Promise((done) => (reading.onsuccess = done));
    database.close();
    return Boolean(reading.result?.includes(`${row.id}:${row.created}`));
}"""
SILENT = """async () => Object.fromEntries(
    (await registration.getNotifications()).map(({ body, silent }) => [body, Boolean(silent)])
)"""
# As browsers do: one subscription, for one key, until it is ended.
SUBSCRIPTION = """
const keyOf = (text) => {
    const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(decoded, (each) => each.charCodeAt(0));
};
const subscription = {
    get options() { return { applicationServerKey: keyOf(localStorage.getItem("subscribed")).buffer }; },
    toJSON: () => (%s),
    unsubscribe: async () => localStorage.removeItem("subscribed"),
};
Object.defineProperty(Notification, "permission", { get: () => "granted" });
PushManager.prototype.getSubscription = async () => localStorage.getItem("subscribed") ? subscription : null;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (localStorage.getItem("subscribed")) throw new DOMException("for another key", "InvalidStateError");
    localStorage.setItem("subscribed", applicationServerKey);
    return subscription;
};
"""
WANTED = """() => localStorage.setItem(
    `roundtable:push:${document.getElementById("side-drafts").dataset.me}`, '"yes"',
)"""


def test_what_a_page_has_rung_for_does_not_ring_again_as_a_push(person, room):
    alice = person(f"ring-{room}", service_workers="allow")
    alice.add_init_script(RINGS)
    alice.open(f"/chat/{room}/").open(f"/chat/{room}-too/")
    page = alice.page
    page.evaluate("() => localStorage.setItem('roundtable:sound', '\"drop\"')")
    page.evaluate("() => sessionStorage.setItem('roundtable:push-renewed', '\"yes\"')")  # it has no real subscription
    page.evaluate(WANTED)
    page.reload()
    alice.is_live()
    page.click("#composer-text")  # before it, a page may make no sound
    worker = ServiceWorker(alice)
    person("bob").open(f"/chat/{room}/").say(f"@{alice.name} do you hear?")
    page.wait_for_function("() => self.rang > 0")
    [row] = alice.context.request.get(f"{alice.stack.base_url}/api/inbox/new").json()["items"]
    until(page, HAS_HEARD, row)
    worker.worker.evaluate("() => { clients.matchAll = async () => []; }")  # she has closed the page since
    told = {"v": 1, "type": "show", "id": row["id"], "tag": f"room:{room}", "title": "bob", "body": "do you hear?"}
    told |= {"room": room, "message": row["message_id"], "url": f"/chat/{room}/", "at": row["created"]}
    worker.push(**told)
    worker.push(**told | {"id": row["id"] + 1, "tag": "room:other", "body": "another"})
    worker.shows(2)
    assert worker.worker.evaluate(SILENT) == {"do you hear?": True, "another": False}


def test_a_device_subscribes_anew_where_the_server_has_another_key(person, room):
    service = PushService()
    known = service.subscribe().to_json() | {"endpoint": f"https://updates.push.services.mozilla.com/{room}"}
    service.close()
    alice = person(f"key-{room}", service_workers="allow")
    alice.is_reusable = False
    alice.add_init_script(SUBSCRIPTION % json.dumps(known))
    alice.open(f"/chat/{room}/")
    page = alice.page
    until(page, CONTROLLED)
    page.evaluate("(key) => localStorage.setItem('subscribed', key)", "B" * 87)  # of a server before this one
    page.evaluate(WANTED)
    with page.expect_response(
        lambda answer: answer.url.endswith("/api/me/devices") and answer.request.method == "POST"
    ) as told:
        page.reload()
    assert told.value.status in (200, 201)
    key = page.evaluate("async () => (await (await fetch('/api/me/devices/key')).json()).key")
    assert page.evaluate("() => localStorage.getItem('subscribed')") == key
    [device] = page.evaluate("async () => (await (await fetch('/api/me/devices')).json()).devices")
    assert device["id"] == told.value.json()["id"]


def test_what_an_app_shares_can_be_sent_where_no_worker_takes_it(person, room):
    alice = person("alice").open(f"/chat/{room}/")
    page = alice.page
    page.evaluate("""() => {
        const form = document.createElement("form");
        Object.assign(form, { action: "/share/", method: "post", id: "sharing" });
        form.enctype = "multipart/form-data";
        for (const name of ["title", "text", "url"]) {
            form.append(Object.assign(document.createElement("input"), { name, value: `${name} of the menu` }));
        }
        document.body.append(form);
    }""")
    with page.expect_navigation(url="**/share/"):
        page.evaluate("document.getElementById('sharing').submit()")
    field = page.get_by_role("textbox", name="Message")
    expect(field).to_have_value("title of the menu\ntext of the menu\nurl of the menu")
    field.fill(f"soup today in {room}")
    page.locator("main").get_by_role("radio", name=room, exact=True).check()
    with page.expect_navigation(url=f"**/chat/{room}/"):
        page.get_by_role("button", name="Send", exact=True).click()
    alice.sees(f"soup today in {room}")
