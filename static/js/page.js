// Starts the parts of a page that shows no room: the drawer of the sidebar, keys, and what the page is about.

import { startRoomKeys } from "./palette/room_keys.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { on } from "./core/bus.js";
import { listen } from "./core/scope.js";
import { startPageForms } from "./core/page_forms.js";
import { start, startLater } from "./core/start.js";
import { t } from "./lib/texts.js";

// What a page has → its part.
const PARTS = [
  [".my-cards", () => import("./sidebar/card_menu.js"), (module) => module.startCardMenu()],
  ["#drafts", () => import("./inbox/drafts_list.js"), (module) => module.startDraftsList()],
  ["#this-device", () => import("./settings/this_device.js"), (module) => module.startThisDevice()],
  ["#share", () => import("./inbox/share.js"), (module) => module.startShare()],
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
  if (document.getElementById("inbox")) startInbox();
  for (const [selector, load, begin] of PARTS) if (document.querySelector(selector)) startLater(load, begin);
  if (!isMoved) return;
  main.tabIndex = -1; // so that the next Tab leads into it
  (main.querySelector("[data-first]") ?? main).focus({ preventScroll: true });
}

/** A key that is pressed while its part is being loaded is pressed again once it is there. */
function startInbox() {
  const early = [];
  const keep = (event) => {
    const { key, ctrlKey, altKey, metaKey, shiftKey, defaultPrevented } = event;
    if (key.length === 1 && !ctrlKey && !altKey && !metaKey && !shiftKey && !defaultPrevented) early.push(event);
  };
  listen(document, "keydown", keep);
  startLater(() => import("./inbox/inbox.js"), (module) => {
    document.removeEventListener("keydown", keep);
    module.startInbox();
    for (const { key, target } of early) {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }
  });
}
