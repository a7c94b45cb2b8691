"""Browser contexts that one test after another uses, each with a page: a new one has an empty cache and loads every
script again, which takes three times as long as all else that opening a room takes. A new page has a new process, which
compiles the scripts again and takes as much of the processor as two visits to a room."""

from collections import defaultdict

from playwright.sync_api import BrowserContext, Error, Page

_KEPT_BY_PAGES = "local_storage,indexeddb,cache_storage,service_workers"
_VIEWPORT = {"width": 1280, "height": 720}  # Playwright's own
# It is small, and of the same origin as what tests open, so that the process stays. It names an icon: of a page that
# names none, the browser asks for /favicon.ico.
_QUIET = "/accounts/inactive/"


class ContextPool:
    """Contexts that nobody uses now. Those of one key were made with the same options, for the same server: whose they
    were is said by cookies, and what stays in the cache of the browser has an address that nobody guesses."""

    def __init__(self):
        self._free: dict[tuple, list[BrowserContext]] = defaultdict(list)

    def take(self, key: tuple) -> BrowserContext | None:
        """One without cookies; `forget` clears what else pages have stored. None where all are in use."""
        if not self._free[key]:
            return None
        context = self._free[key].pop()
        context.set_offline(False)
        context.clear_permissions()
        context.clear_cookies()
        return context

    def give_back(self, key: tuple, context: BrowserContext) -> None:
        """Its pages are closed, or one of them is parked."""
        self._free[key].append(context)


def park(page: Page, **options) -> None:
    """Leave a page as it was when it was new, or close it. options: those of its context."""
    try:
        page.unroute_all()
        page.context.set_offline(False)
        page.goto(_QUIET)  # what is still under way has no page any more
        page.evaluate("sessionStorage.clear()")
        page.mouse.move(0, 0)
        page.set_viewport_size(options.get("viewport", _VIEWPORT))
        page.emulate_media(
            color_scheme=options.get("color_scheme", "light"),
            reduced_motion=options.get("reduced_motion", "no-preference"),
        )
    except Error:  # its server is gone
        page.close()


def forget(page: Page, origin: str) -> None:
    """What pages of this origin have stored in the context of a page, which is new or parked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _KEPT_BY_PAGES})
    devtools.detach()
