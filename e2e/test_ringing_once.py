"""A device and its pages together: nothing rings twice, and what is shared is lost in neither."""

from playwright.sync_api import expect

from .service_worker import ServiceWorker, until

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
