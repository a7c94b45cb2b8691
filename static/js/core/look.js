// How pages look, as <html> says it. The server writes that; what is chosen in another tab, or elsewhere, comes here.

import { call } from "./api.js";
import { on } from "./bus.js";
import { timeZone } from "../lib/formats.js";

const root = document.documentElement;
// Between the tabs of this browser: theme and text size, which are not those of the account.
const tabs = globalThis.BroadcastChannel && new BroadcastChannel("roundtable-look");
const USUAL = { theme: "system", textSize: "100", density: "comfortable", timeFormat: "", keys: "on" };

export function startLook() {
  if (tabs) tabs.onmessage = ({ data }) => showLook(data);
  on("wire-preferences", ({ density, language, time_format: timeFormat, single_keys: singleKeys }) => {
    const { timeFormat: before = "" } = root.dataset;
    showLook({ density, timeFormat, keys: singleKeys ? "on" : "off" });
    // Words and times are in the whole page.
    if (before !== timeFormat || (language && language !== root.lang)) reloadUnseen();
  });
  tellTimeZone();
}

/** choices: any of USUAL. toTabs: this browser's other tabs, too. */
export function showLook(choices, toTabs = false) {
  for (const [name, value] of Object.entries(choices)) {
    if (value === USUAL[name]) delete root.dataset[name];
    else root.dataset[name] = value;
  }
  if (toTabs) tabs?.postMessage(choices);
}

function reloadUnseen() {
  if (document.hidden) location.reload();
  else document.addEventListener("visibilitychange", reloadUnseen, { once: true });
}

/** The server has it for reminders and for others who want to know how late it is here. */
function tellTimeZone() {
  const zone = timeZone();
  if (zone && root.dataset.zone !== undefined && root.dataset.zone !== zone) {
    call("PATCH", "/api/me/preferences", { time_zone: zone }).then(() => (root.dataset.zone = zone), () => {});
  }
}
