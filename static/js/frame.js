// Starts what stays while the page shows one thing after the other: the sidebar, the palette, keys. Then it shows the
// first of them, a room (room.js) or another page (page.js); core/rooms.js moves on to others.

import { startCardLinks } from "./lib/card_links.js";
import { startContextMenu } from "./sidebar/context_menu.js";
import { startDraftCount } from "./sidebar/draft_count.js";
import { startInboxCount } from "./sidebar/inbox_count.js";
import { startInstall } from "./sidebar/install.js";
import { startUnreadKeys } from "./sidebar/unread_keys.js";
import { startInvitations } from "./sidebar/invitations.js";
import { startEmojiPicker } from "./composer/emoji_picker.js";
import { startDropGuard } from "./lib/drop_guard.js";
import { startKeys } from "./core/keys.js";
import { startLook } from "./core/look.js";
import { startPalette } from "./palette/palette.js";
import { startRooms } from "./core/rooms.js";
import { startSignOut } from "./sidebar/sign_out.js";
import { startSideSections } from "./sidebar/side_sections.js";
import { startConfirm } from "./lib/confirm_dialog.js";
import { start, startOnEvent, startOnFocus } from "./core/start.js";
import { knownPeople } from "./state/people_state.js";
import { keepCookie } from "./lib/cookies.js";
import { timeZone } from "./lib/formats.js";

/**
 * Load what helps with a part of the page when somebody first comes near it, and begin(module, press).
 *
 * press: the pointerdown of a pointer that was pressed on it meanwhile and still is, or null.
 */
function startNear(id, events, load, begin) {
  const node = document.getElementById(id);
  let [loading, press] = [null, null];
  for (const type of events) node.addEventListener(type, begun);
  node.addEventListener("pointerdown", (event) => (press = event));
  for (const type of ["pointerup", "pointercancel", "contextmenu"]) {
    document.addEventListener(type, () => (press = null));
  }

  function begun() {
    loading ??= load().then((module) => begin(module, press), () => (loading = null));
  }
}

/** Run a task once the page is there and has nothing else to do; at once where it was kept: the server is away. */
function whenQuiet(task) {
  if (document.documentElement.dataset.kept) return task();
  const soon = globalThis.requestIdleCallback ?? setTimeout;
  if (document.readyState === "complete") soon(task);
  else addEventListener("load", () => soon(task), { once: true });
}

/** starters: what of {room, page} is loaded already; the other is loaded when it is needed. */
export function startFrame(starters) {
  // The server needs the time zone for headings of days.
  keepCookie("zone", timeZone());

  start(startSideSections);
  start(startConfirm);
  start(startSignOut);
  start(startInvitations);
  start(startInboxCount);
  start(startDraftCount);
  start(startInstall);
  start(startContextMenu);
  start(startUnreadKeys);
  start(startKeys);
  start(startLook);
  start(startDropGuard);
  start(startCardLinks);
  start(startEmojiPicker);
  start(startNear, "side-edge", ["pointerover", "focus"], () => import("./sidebar/side_width.js"), (module, press) => {
    module.startSideWidth(document.getElementById("side-edge"), press);
  });
  const loadOpener = () => import("./sidebar/room_menu_opener.js");
  start(startNear, "side", ["pointerover", "focusin"], loadOpener, (module, press) => {
    module.startRoomMenuOpener(press);
  });
  const rooms = start(startRooms, starters, {
    room: () => import("./room.js").then((module) => module.startRoom),
    page: () => import("./page.js").then((module) => module.startPage),
  });
  start(startPalette, () => (rooms?.store ? knownPeople(rooms.store.state) : []));
  startOnEvent("read-all", () => import("./sidebar/read_all.js"), (module) => module.startReadAll());
  startOnEvent("room-menu", () => import("./sidebar/room_menu.js"), (module) => module.startRoomMenu());
  startOnEvent("show-card", () => import("./panel/card.js"), (module) => module.startCard());
  startOnEvent("show-keys", () => import("./palette/keys_dialog.js"), (module) => module.startKeysDialog());
  whenQuiet(() => import("./app/app.js").then((module) => start(module.startApp, rooms), () => {}));
  startOnFocus("[data-people]", () => import("./lib/people_field.js"), (module, field) => {
    module.startPeopleField(field);
  });
  startOnFocus("[data-filter]", () => import("./lib/choice_filter.js"), (module, field) => {
    module.startChoiceFilter(field);
  });
}
