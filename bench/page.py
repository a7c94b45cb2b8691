"""What a person waits for in the browser: the next room, a tab of the panel; and what many moves leave in memory.

A headless Chromium on this machine. Times are taken in the page, from the click to the first frame that shows it.
"""

from playwright.sync_api import Page, sync_playwright

from testing.machine import BROWSER

from .measure import quantile
from .report import Table
from .servers import Roundtable

MESSAGES = 200
MOVES = 40
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--enable-precise-memory-info",
]

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
        _add(table, "the next room: its first message", [_move(page) for _ in range(MOVES)])
        before = _heap(page)
        _add(table, "a tab of the panel", [_open_tab(page, ("about", "people")[at % 2]) for at in range(MOVES)])
        for _ in range(MOVES):
            _move(page)
        table.notes.append(f"heap: {(_heap(page) - before) / 1e6:+.1f} MB by {MOVES} tabs and {MOVES} moves")
        browser.close()
    yield table


def _add(table: Table, name: str, times: list[float]) -> None:
    table.add(name, quantile(times, 0.5), quantile(times, 0.95))


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
