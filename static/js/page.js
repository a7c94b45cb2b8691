// Starts the parts of a page that shows no room: the drawer of the sidebar, keys, and what the page is about.

import { startRoomKeys } from "./palette/room_keys.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { on } from "./core/bus.js";
import { startPageForms } from "./core/page_forms.js";
import { start, startLater } from "./core/start.js";
import { t } from "./lib/texts.js";

// What a page has → its part.
const PARTS = [
  ["#inbox", () => import("./inbox/inbox.js"), (module) => module.startInbox()],
  ["#drafts", () => import("./inbox/drafts_list.js"), (module) => module.startDraftsList()],
  [".settings", () => import("./settings/settings.js"), (module) => module.startSettings()],
  ["#keys-page", () => import("./palette/keys_page.js"), (module) => module.startKeysPage()],
  ["[data-copies]", () => import("./copy_field.js"), (module) => module.startCopyFields(document)],
];

/** isMoved: the person came here from another page in this tab, whose place this one has taken. */
export function startPage(_boot, isMoved) {
  const main = document.getElementById("main");
  start(startSidebar);
  start(startRoomKeys);
  start(startSidebarRooms);
  start(startPageForms);
  on("toast", ({ key, text = t(key) }) => {
    const problem = document.getElementById("page-problem");
    if (!problem) return;
    problem.hidden = false;
    problem.textContent = text;
  });
  for (const [selector, load, begin] of PARTS) if (document.querySelector(selector)) startLater(load, begin);
  if (!isMoved) return;
  main.tabIndex = -1; // so that the next Tab leads into it
  (main.querySelector("[data-first]") ?? main).focus({ preventScroll: true });
}
