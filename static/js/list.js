// The list of rooms: the sidebar's filter, jump box, drawer and counts.

import { startInvitations } from "./sidebar/invitations.js";
import { startJump } from "./sidebar/quick_switcher.js";
import { startSide } from "./sidebar/sidebar.js";
import { startSideRooms } from "./sidebar/sidebar_rooms.js";
import { start } from "./core/start.js";

start(startSide);
start(startJump);
start(startInvitations);
start(startSideRooms);
