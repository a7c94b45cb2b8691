// The button that turns desktop notifications on. Permission is requested only on a click. Where this device has push,
// the settings have both.

import { emit } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { visit } from "../core/visit.js";
import { pushWanted, storedItem } from "../lib/local_storage.js";

export function startNotifyButton() {
  if (!window.Notification?.requestPermission) return;
  const button = document.getElementById("notify");
  const wanted = storedItem("notify");
  const hasPush = () => pushWanted().get() === "yes";
  const isOn = () => (wanted.get() === "yes" || hasPush()) && Notification.permission === "granted";
  let loading = null;

  button.hidden = false;
  show();
  listen(globalThis, "storage", show); // another tab has turned them on or off
  button.addEventListener("click", async () => {
    if (hasPush()) return visit("/settings/notifications/");
    if (isOn() && loading) wanted.set("");
    else if ((await Notification.requestPermission()) === "granted" && canShow()) wanted.set("yes");
    else return emit("toast", { key: "notifyDenied" });
    await show();
    emit("toast", { key: !isOn() ? "notifyOff" : loading ? "notifyOn" : "requestFailed" });
  });

  async function show() {
    if (isOn()) loading ??= import("../core/alerts.js").then(({ startAlerts }) => startAlerts());
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
