// Keys that lead to other rooms and dialogs, on every page with a sidebar.

import { emit } from "../core/bus.js";
import { onKey } from "../core/keys.js";
import { visit } from "../core/visit.js";

export function startRoomKeys() {
  onKey("help", () => emit("show-keys"));
  onKey("settings", () => visit("/settings/"));
  onKey("previousRoom", () => go(-1));
  onKey("nextRoom", () => go(1));
  const search = document.querySelector(".room-tools a[href*='/search/']");
  if (search) onKey("searchHere", () => search.click());
  const about = document.querySelector(".room-tools :is([data-panel=about], [data-panel=profile])");
  if (about) onKey("panel", () => document.querySelector("#panel.open") ? emit("close-panel") : about.click());
}

/** To the room beside the one that is open, in the order of the sidebar. */
function go(step) {
  const links = [...document.querySelectorAll("#side li[data-room] > a")]
    .filter((link) => !link.closest("[hidden]"));
  const open = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[open < 0 ? (step > 0 ? 0 : links.length - 1) : open + step];
  if (!next) return false;
  next.click();
}
