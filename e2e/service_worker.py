"""The service worker of somebody's browser, and what reaches it from outside: pushes, and clicks on notifications."""

import json

from playwright.sync_api import Worker

from .person import Person

CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"
_SHOWN = """async () => (await registration.getNotifications())
    .map(({ title, body, tag, actions }) => ({ title, body, tag, actions: actions.map((each) => each.title) }))"""
_SO_MANY = f"async (count) => (await ({_SHOWN})()).length === count"
# A browser without windows, such as chromium-headless-shell, shows no notifications.
_SHOW_NONE = """() => {
    const shown = new Map();
    registration.showNotification = async (title, options) =>
        void shown.set(options.tag, { title, ...options, close: () => shown.delete(options.tag) });
    registration.getNotifications = async ({ tag } = {}) =>
        [...shown.values()].filter((each) => !tag || each.tag === tag);
}"""
# Only a click of a person may open a window, and DevTools has none on notifications. chromium-headless-shell crashes
# where a worker sets a badge.
_ONLY_SAY = """() => {
    clients.openWindow = async (address) => { self.opened = address; return null; };
    navigator.setAppBadge = async (count) => void (self.badge = count);
    navigator.clearAppBadge = async () => void (self.badge = 0);
}"""
_CLICK = """async ([tag, action, reply]) => {
    self.opened = null;
    const [notification] = await registration.getNotifications({ tag });
    const event = Object.assign(new Event("notificationclick"), { notification, action, reply });
    await new Promise((done) => {
        event.waitUntil = (work) => work.then(done, done);
        dispatchEvent(event);
    });
    return self.opened;
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


class ServiceWorker:
    """As of now: a newer one, which takes over later, is another."""

    def __init__(self, one: Person):
        """one: whose page has it."""
        until(one.page, CONTROLLED)
        one.is_reusable = False
        self._origin = one.stack.base_url
        self.worker: Worker = one.context.service_workers[-1]
        self._registrations: list[str] = []
        self._devtools = one.context.new_cdp_session(one.page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._devtools.send("ServiceWorker.enable")
        if one.page.evaluate("Notification.permission") != "granted" or not self._may_show():
            self.worker.evaluate(_SHOW_NONE)
        self.worker.evaluate(_ONLY_SAY)

    def push(self, **payload) -> None:
        """As a push service does."""
        where = {"origin": self._origin, "registrationId": self._registrations[-1]}
        self._devtools.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(payload)})

    def click(self, tag: str, action: str = "", reply: str = "") -> str | None:
        """On the notification with this tag. Returns the address of the window that it opened."""
        return self.worker.evaluate(_CLICK, [tag, action, reply])

    @property
    def badge(self) -> int | None:
        """On the icon of the app; None: nothing was said yet."""
        return self.worker.evaluate("self.badge ?? null")

    def shows(self, count: int) -> list[dict]:
        """Waits until so many notifications are there: {title, body, tag, actions}."""
        until(self.worker, _SO_MANY, count)
        return self.worker.evaluate(_SHOWN)

    def _may_show(self) -> bool:
        return self.worker.evaluate("Notification.permission") == "granted"

    def _note(self, told: dict) -> None:
        self._registrations.extend(each["registrationId"] for each in told["registrations"])
