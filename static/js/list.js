// A page that was opened without a room: the list of rooms, the inbox, settings.

import { startFrame } from "./frame.js";
import { startPage } from "./page.js";

startFrame({ page: startPage });
