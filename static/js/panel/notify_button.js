// The button that turns desktop notifications on. Permission is requested only on a click.

import { emit } from "../core/bus.js";
import { inScope, listen, scopeSignal } from "../core/scope.js";
import { storedItem } from "../lib/local_storage.js";

export function startNotifyButton(store) {
  if (!window.Notification?.requestPermission) return;
  const button = document.getElementById("notify");
  const wanted = storedItem("notify");
  const isOn = () => wanted.get() === "yes" && Notification.permission === "granted";
  const scope = scopeSignal();
  let loading = null;

  button.hidden = false;
  show();
  listen(globalThis, "storage", show); // another tab has turned them on or off
  button.addEventListener("click", async () => {
    if (isOn() && loading) wanted.set("");
    else if ((await Notification.requestPermission()) === "granted" && canShow()) wanted.set("yes");
    else return emit("toast", { key: "notifyDenied" });
    await show();
    emit("toast", { key: !isOn() ? "notifyOff" : loading ? "notifyOn" : "requestFailed" });
  });

  async function show() {
    if (isOn()) {
      loading ??= import("./desktop_notifications.js").then(({ startDesktopNotifications }) =>
        inScope(scope, () => startDesktopNotifications(store, isOn))
      );
    }
    await loading?.catch(() => (loading = null)); // away: the next click asks again
    button.setAttribute("aria-pressed", isOn() && loading !== null);
  }
}

/** Some browsers of phones have notifications, but none that a page can make. */
function canShow() {
  try {
    new Notification(document.title, { silent: true, tag: "probe" }).close();
    return true;
  } catch {
    return false;
  }
}
