// A page without a room: the sidebar's drawer and counts, the palette, keys.

import { startCardLinks } from "./lib/card_links.js";
import { startDraftCount } from "./sidebar/draft_count.js";
import { startInboxCount } from "./sidebar/inbox_count.js";
import { startReadAll } from "./sidebar/read_all.js";
import { startInvitations } from "./sidebar/invitations.js";
import { startPalette } from "./palette/palette.js";
import { startRoomKeys } from "./palette/room_keys.js";
import { startKeys } from "./core/keys.js";
import { startLook } from "./core/look.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSideSections } from "./sidebar/side_sections.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { startConfirm } from "./lib/confirm_dialog.js";
import { start, startLater, startOnEvent, startOnFocus } from "./core/start.js";

start(startConfirm);
start(startSidebar);
start(startSideSections);
start(startKeys);
start(startLook);
start(startCardLinks);
start(startPalette);
start(startRoomKeys);
start(startInvitations);
start(startInboxCount);
start(startDraftCount);
start(startReadAll);
start(startSidebarRooms);
startOnEvent("show-card", () => import("./panel/card.js"), (module) => module.startCard());
startOnEvent("show-keys", () => import("./palette/keys_dialog.js"), (module) => module.startKeysDialog());
startOnFocus("[data-people]", () => import("./lib/people_field.js"), (module, field) => module.startPeopleField(field));
start(startSettingsLater);

function startSettingsLater() {
  if (document.querySelector(".settings")) {
    startLater(() => import("./settings/settings.js"), (module) => module.startSettings());
  }
  if (document.getElementById("keys-page")) {
    startLater(() => import("./palette/keys_page.js"), (module) => module.startKeysPage());
  }
}
