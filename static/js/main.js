// A page that was opened with a room.

import { startFrame } from "./frame.js";
import { startRoom } from "./room.js";

startFrame({ room: startRoom });
