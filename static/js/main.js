// Starts the room page: the state begins with what the server drew, then each part hears of its changes.

import { startAround } from "./around.js";
import { startComposer } from "./composer.js";
import { startDeleting } from "./deleting.js";
import { startEmojiPicker } from "./emoji_picker.js";
import { startHistory } from "./history.js";
import { startMessageActions } from "./message_actions.js";
import { startOutbox } from "./outbox.js";
import { startReading } from "./reading.js";
import { initial, reduce } from "./room_state.js";
import { startSide } from "./side.js";
import { startSocket } from "./socket.js";
import { makeStore } from "./store.js";
import { startTimeline } from "./timeline.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const store = makeStore(reduce, initial(boot));

startTimeline(store);
startAround(store);
startComposer(store);
startMessageActions(store);
startDeleting(store);
startEmojiPicker();
startHistory(store);
startReading(store);
startSide(store);
startOutbox(store, startSocket(store));
