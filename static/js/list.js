// The list of rooms: the sidebar's filter, jump box, drawer and counts.

import { startInvitations } from "./invitations.js";
import { startJump } from "./jump.js";
import { startSide } from "./side.js";
import { startSideRooms } from "./side_rooms.js";
import { start } from "./start.js";

start(startSide);
start(startJump);
start(startInvitations);
start(startSideRooms);
