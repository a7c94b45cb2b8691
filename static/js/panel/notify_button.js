// The button that turns desktop notifications on. Permission is requested only on a click.

import { tell } from "../core/bus.js";
import { kept } from "../lib/local_storage.js";

export function startNotifyButton(store) {
  if (!window.Notification?.requestPermission) return;
  const button = document.getElementById("notify");
  const wanted = kept("notify");
  const isOn = () => wanted.get() === "yes" && Notification.permission === "granted";
  let loading = null;

  button.hidden = false;
  show();
  addEventListener("storage", show); // another tab has turned them on or off
  button.addEventListener("click", async () => {
    if (isOn() && loading) wanted.set("");
    else if ((await Notification.requestPermission()) === "granted" && canShow()) wanted.set("yes");
    else return tell("toast", { key: "notifyDenied" });
    await show();
    tell("toast", { key: !isOn() ? "notifyOff" : loading ? "notifyOn" : "requestFailed" });
  });

  async function show() {
    if (isOn()) loading ??= import("./desktop_notifications.js").then(({ startNotifying }) => startNotifying(store, isOn));
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
