// The list of rooms: the sidebar's filter, jump box, drawer and counts.

import { startInvitations } from "./sidebar/invitations.js";
import { startQuickSwitcher } from "./sidebar/quick_switcher.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { start } from "./core/start.js";

start(startSidebar);
start(startQuickSwitcher);
start(startInvitations);
start(startSidebarRooms);
