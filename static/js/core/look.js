// How pages look, in attributes of <html>. The server renders them; changes in other tabs or elsewhere arrive here.

import { call } from "./api.js";
import { on } from "./bus.js";
import { keepCookie } from "../lib/cookies.js";
import { timeZone } from "../lib/formats.js";

const root = document.documentElement;
// Shares the theme and text size between this browser's tabs: the account does not store them.
const tabs = globalThis.BroadcastChannel && new BroadcastChannel("roundtable-look");
const USUAL = { theme: "system", textSize: "100", density: "comfortable", timeFormat: "", keys: "on" };
const DARK = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" }; // when the window's frame is dark

export function startLook() {
  document.getElementById("my-theme").addEventListener("submit", chooseTheme);
  if (tabs) tabs.onmessage = ({ data }) => showLook(data);
  on("wire-preferences", ({ density, language, time_format: timeFormat, single_keys: singleKeys }) => {
    const { timeFormat: before = "" } = root.dataset;
    showLook({ density, timeFormat, keys: singleKeys ? "on" : "off" });
    // Texts and times are all over the page.
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
  if (choices.theme) {
    document.getElementById("dark-theme-color").media = DARK[choices.theme];
    showChosen(choices.theme);
  }
  if (toTabs) tabs?.postMessage(choices);
}

/** In my menu. The theme is stored in this browser alone, so there is no request that could fail. */
function chooseTheme(event) {
  event.preventDefault();
  const theme = event.submitter.value;
  keepCookie("theme", theme === USUAL.theme ? "" : theme);
  showLook({ theme }, true);
}

/** Mark the chosen theme in my menu, and in the settings if they are open. */
function showChosen(theme) {
  for (const button of document.querySelectorAll("#my-theme button[value]")) {
    button.setAttribute("aria-pressed", button.value === theme);
  }
  const radio = document.querySelector(`#look [name=theme][value="${theme}"]`);
  if (radio) radio.checked = true;
}

function reloadUnseen() {
  if (document.hidden) location.reload();
  else document.addEventListener("visibilitychange", reloadUnseen, { once: true });
}

/** The server needs the time zone for reminders, and to show others what time it is here. */
function tellTimeZone() {
  const zone = timeZone();
  if (zone && root.dataset.zone !== undefined && root.dataset.zone !== zone) {
    call("PATCH", "/api/me/preferences", { time_zone: zone }).then(() => (root.dataset.zone = zone), () => {});
  }
}
