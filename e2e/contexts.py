"""Browser contexts that one test after another uses: a new one has an empty cache and loads every script again, which
takes three times as long as all else that opening a room takes."""

from collections import defaultdict

from playwright.sync_api import BrowserContext, Page

_KEPT_BY_PAGES = "local_storage,indexeddb,cache_storage,service_workers"


class ContextPool:
    """Contexts that nobody uses now. Those of one key were made with the same options, for the same account."""

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
        """Its pages are closed."""
        self._free[key].append(context)


def forget(page: Page, origin: str) -> None:
    """What pages of this origin have stored in the context of a page, which is at no address yet."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _KEPT_BY_PAGES})
    devtools.detach()
