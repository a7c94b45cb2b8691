// The list of rooms: the sidebar's filter and drawer.

import { startSide } from "./side.js";

startSide();
