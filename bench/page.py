"""What a person waits for in the browser: the first message on a slow line, the next room, a tab of the panel; what
many moves leave in memory; and how long the page is busy at a stretch while a room is flooded.

A headless Chromium on this machine. Times are taken in the page, from the click to the first frame that shows it.
"""

import time

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from testing.machine import BROWSER

from .measure import quantile
from .report import Table
from .servers import Roundtable

MESSAGES = 200
TIMES = 40
MOVES = 200  # of which some are timed
FLOOD, FLOOD_SECONDS = 1000, 10
SLOW_TIMES = 5
_SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--enable-precise-memory-info",
]

_FIRST_MESSAGE = """
    window.firstMessage = new Promise((seen) => {
        (function look() {
            const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
            if (painted && document.querySelector("#log .message")) seen(performance.now());
            else requestAnimationFrame(look);
        })();
    });
"""
# Click, wait until `there` holds and its frame was drawn; milliseconds.
_TIMED = """async ([selector, there]) => {
    const isThere = new Function(`return ${there}`);
    const began = performance.now();
    document.querySelector(selector).click();
    while (!isThere()) await new Promise(requestAnimationFrame);
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - began;
}"""


def tables(options):
    table = Table("In the browser", ["", "p50 ms", "p95 ms"])
    with Roundtable(options.folder / "page") as server, sync_playwright() as playwright:
        [session] = server.inside("people", count=1, rooms=["one", "two"])
        for room in ("one", "two"):
            server.inside("history", room=room, count=MESSAGES)
        browser = playwright.chromium.launch(executable_path=BROWSER.get(), args=FLAGS)
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1280, "height": 800}
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{server.port}"}])
        page = context.new_page()
        page.goto("/chat/one/")
        page.wait_for_selector("body[data-connection=live]")
        slow = [_first_message(browser, context) for _ in range(SLOW_TIMES)]
        _add(table, "the first message: a phone, cold, 1.6 Mbit/s and 150 ms", slow)
        _add(table, "the next room: its first message", [_move(page) for _ in range(TIMES)])
        before = _heap(page)
        _add(table, "a tab of the panel", [_open_tab(page, ("about", "people")[at % 2]) for at in range(TIMES)])
        for _ in range(MOVES):
            _move(page)
        table.notes.append(f"heap: {(_heap(page) - before) / 1e6:+.1f} MB by {TIMES} tabs and {MOVES} moves")
        table.notes.append(_flood(page, server))
        browser.close()
    yield table


# Tasks of more than 50 ms are noted; what is between two of them answers at once.
_WATCH = """() => {
    window.tasks = [];
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.tasks.push(duration);
    }).observe({ type: "longtask" });
}"""


def _flood(page: Page, server: Roundtable) -> str:
    page.evaluate(_WATCH)
    room = page.evaluate("document.querySelector('.room-head h1').textContent")
    poster = server.poster(rooms=[room], rate=FLOOD / FLOOD_SECONDS)
    time.sleep(FLOOD_SECONDS + 1)  # it takes one to start
    sent = int(poster.communicate()[0])
    page.wait_for_timeout(1000)
    tasks = page.evaluate("window.tasks")
    nodes = page.locator("#log .message").count()
    return (
        f"{sent} messages in {FLOOD_SECONDS} s: the longest task {max(tasks, default=0):.0f} ms, "
        f"{len(tasks)} of more than 50 ms; {nodes} messages in the page"
    )


def _add(table: Table, name: str, times: list[float]) -> None:
    table.add(name, quantile(times, 0.5), quantile(times, 0.95))


def _first_message(browser: Browser, signed_in: BrowserContext) -> float:
    """Milliseconds from the request to the first message on the screen."""
    state, address = signed_in.storage_state(), signed_in.pages[0].url
    with browser.new_context(storage_state=state, viewport={"width": 390, "height": 844}, has_touch=True) as phone:
        page = phone.new_page()
        line = phone.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", _SLOW)
        page.add_init_script(_FIRST_MESSAGE)
        page.goto(address, wait_until="commit")
        return page.evaluate("window.firstMessage")


def _move(page: Page) -> float:
    here = page.evaluate("document.querySelector('.room-head h1').textContent")
    other = "two" if here == "one" else "one"
    there = (
        f"document.querySelector('.room-head h1')?.textContent === '{other}' && document.querySelector('#log .message')"
    )
    took = page.evaluate(_TIMED, [f'#side li[data-room="{other}"] > a', there])
    page.wait_for_selector("body[data-connection=live]")
    return took


def _open_tab(page: Page, tab: str) -> float:
    there = f"""document.querySelector('#panel.open')?.dataset.tab === '{tab}'
        && document.getElementById('panel-body').getAttribute('aria-busy') === 'false'"""
    inside = "#panel.open" if page.query_selector("#panel.open") else ".room-head"
    return page.evaluate(_TIMED, [f"{inside} [data-panel={tab}]", there])


def _heap(page: Page) -> int:
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    return page.evaluate("performance.memory.usedJSHeapSize")
