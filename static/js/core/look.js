// How pages look, as <html> says it. The server writes that; what is chosen in another tab, or elsewhere, comes here.

import { call } from "./api.js";
import { on } from "./bus.js";
import { keepCookie } from "../lib/cookies.js";
import { timeZone } from "../lib/formats.js";

const root = document.documentElement;
// Between the tabs of this browser: theme and text size, which are not those of the account.
const tabs = globalThis.BroadcastChannel && new BroadcastChannel("roundtable-look");
const USUAL = { theme: "system", textSize: "100", density: "comfortable", timeFormat: "", keys: "on" };
const DARK = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" }; // when the window's frame is dark

export function startLook() {
  document.getElementById("my-theme").addEventListener("submit", chooseTheme);
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
  if (choices.theme) {
    document.getElementById("dark-theme-color").media = DARK[choices.theme];
    showChosen(choices.theme);
  }
  if (toTabs) tabs?.postMessage(choices);
}

/** In my menu. It is this browser's alone: no request is needed, and none may fail. */
function chooseTheme(event) {
  event.preventDefault();
  const theme = event.submitter.value;
  keepCookie("theme", theme === USUAL.theme ? "" : theme);
  showLook({ theme }, true);
}

/** Where one chooses it: in my menu, and in the settings if they are open. */
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

/** The server has it for reminders and for others who want to know how late it is here. */
function tellTimeZone() {
  const zone = timeZone();
  if (zone && root.dataset.zone !== undefined && root.dataset.zone !== zone) {
    call("PATCH", "/api/me/preferences", { time_zone: zone }).then(() => (root.dataset.zone = zone), () => {});
  }
}
