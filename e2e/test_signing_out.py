"""What a browser keeps of a person is gone when they have signed out, and when somebody else has signed in."""

from playwright.sync_api import expect

KEPT = """async () => {
    const ofPerson = (key) => /^roundtable:(draft|outbox|files|edit|recent-rooms):/.test(key);
    const keys = [localStorage, sessionStorage].flatMap((each) => Object.keys(each)).filter(ofPerson);
    const request = indexedDB.open("roundtable", 1);
    await new Promise((resolve) => { request.onsuccess = request.onerror = resolve; });
    const names = request.result.objectStoreNames;
    if (!names.length) return keys.length;
    const all = request.result.transaction("files").objectStore("files").count();
    await new Promise((resolve) => { all.onsuccess = resolve; });
    request.result.close();
    return keys.length + all.result;
}"""
LEFT = """() => {
    localStorage.setItem("roundtable:draft:999999:lobby:1", JSON.stringify({ text: "of another person", at: 1 }));
    localStorage.setItem("roundtable:format-tools", "true");
}"""


def test_signing_out_leaves_nothing_of_a_person_behind(person, room):
    leaver = person("leaver").open(f"/chat/{room}/")  # the session of alice is used by other tests
    page = leaver.page
    page.evaluate(LEFT)
    page.fill("#composer-text", "not for the next one")
    page.set_input_files("#composer-files", {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"secret"})
    expect(page.locator(".tray li[data-status=there]")).to_have_count(1)
    page.reload()
    leaver.is_live()
    page.wait_for_function("() => !localStorage.getItem('roundtable:draft:999999:lobby:1')")
    expect(page.locator("#composer-text")).to_have_value("not for the next one")
    page.click(".side-me")
    page.locator("#my-menu").get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This browser keeps 1 draft or message that was not sent.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator("#composer-text")).to_have_value("not for the next one")
    page.click(".side-me")
    page.locator("#my-menu").get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(KEPT) == 0
    assert page.evaluate("localStorage.getItem('roundtable:format-tools')") == "true"  # of the browser
    # By another page, or with the account: the answer says who has gone.
    page.evaluate("""() => {
        localStorage.setItem("roundtable:draft:999999:lobby:1", JSON.stringify({ text: "of one who left", at: 1 }));
        document.cookie = "gone=999999; path=/";
    }""")
    page.reload()
    page.wait_for_function("() => !document.cookie.includes('gone=')")
    assert page.evaluate(KEPT) == 0


def test_a_browser_whose_stores_do_not_answer_keeps_nobody_signed_in(person, room):
    leaver = person("stuck-leaver").open(f"/chat/{room}/")
    leaver.page.evaluate("() => void (caches.keys = () => new Promise(() => {}))")
    leaver.page.click(".side-me")
    leaver.page.locator("#my-menu").get_by_role("button", name="Sign out").click()
    leaver.page.wait_for_url("**/accounts/login/**")
