// Starts a page with a room: first what stays (the sidebar, the palette, keys), then the room. Moving on to another room
// starts that one's parts anew (room.js, core/rooms.js).

import { startCardLinks } from "./lib/card_links.js";
import { startDraftCount } from "./sidebar/draft_count.js";
import { startInboxCount } from "./sidebar/inbox_count.js";
import { startReadAll } from "./sidebar/read_all.js";
import { startInvitations } from "./sidebar/invitations.js";
import { startDropGuard } from "./lib/drop_guard.js";
import { startKeys } from "./core/keys.js";
import { startLook } from "./core/look.js";
import { startPalette } from "./palette/palette.js";
import { startRooms } from "./core/rooms.js";
import { startSideSections } from "./sidebar/side_sections.js";
import { startConfirm } from "./lib/confirm_dialog.js";
import { start, startOnEvent, startOnFocus } from "./core/start.js";
import { knownPeople } from "./state/people_state.js";
import { timeZone } from "./lib/formats.js";
import { startRoom } from "./room.js";

// The server needs the time zone for headings of days.
document.cookie = `zone=${timeZone()}; path=/; max-age=31536000; samesite=lax`;

start(startSideSections);
start(startConfirm);
start(startInvitations);
start(startInboxCount);
start(startDraftCount);
start(startReadAll);
start(startKeys);
start(startLook);
start(startDropGuard);
start(startCardLinks);
const rooms = startRooms(startRoom);
start(startPalette, () => knownPeople(rooms.store.state));
startOnEvent("show-card", () => import("./panel/card.js"), (module) => module.startCard());
startOnEvent("show-keys", () => import("./palette/keys_dialog.js"), (module) => module.startKeysDialog());
startOnEvent("sign-in", () => import("./core/sign_in.js"), (module) => module.startSignIn(rooms.store.state.me));
startOnFocus("[data-people]", () => import("./lib/people_field.js"), (module, field) => module.startPeopleField(field));
