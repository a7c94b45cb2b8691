// Starts the room page: the state begins with what the server drew, then each part hears of its changes.

import { startAnnouncer } from "./announcer.js";
import { startAround } from "./around.js";
import { startBanner } from "./banner.js";
import { startBlocking } from "./blocking.js";
import { startCommands } from "./commands.js";
import { startCompletion } from "./completion.js";
import { startComposer } from "./composer.js";
import { startDeleting } from "./deleting.js";
import { startEmojiPicker } from "./emoji_picker.js";
import { startHistory } from "./history.js";
import { startMessageActions } from "./message_actions.js";
import { startJump } from "./jump.js";
import { startNotifying } from "./notifying.js";
import { startOutbox } from "./outbox.js";
import { startPasting } from "./pasting.js";
import { startPeopleList } from "./people_list.js";
import { startPeople } from "./people_pane.js";
import { startReacted } from "./reacted.js";
import { startReading } from "./reading.js";
import { startReceipt } from "./receipt.js";
import { startRoomFacts } from "./room_facts.js";
import { initial, reduce } from "./room_state.js";
import { startSide } from "./side.js";
import { startSideRooms } from "./side_rooms.js";
import { startSignIn } from "./sign_in.js";
import { startSocket } from "./socket.js";
import { startStatus } from "./status.js";
import { makeStore } from "./store.js";
import { startTimeline } from "./timeline.js";
import { startTyping } from "./typing.js";
import { startWalking } from "./walking.js";

// So that the server begins a day where it begins here.
document.cookie = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;

const boot = JSON.parse(document.getElementById("boot").textContent);
const store = makeStore(reduce, initial(boot));

startTimeline(store);
startAround(store);
startBanner();
startBlocking(store);
startComposer(store);
startMessageActions(store);
startWalking();
startTyping();
startCompletion(store, boot.botName);
startCommands(store);
startPasting();
startDeleting();
startEmojiPicker();
startPeople();
startPeopleList(store);
startJump();
startNotifying(store);
startAnnouncer(store);
startHistory(store);
startReacted(store);
startReading(store);
startReceipt(store);
startRoomFacts(store);
startSide(store);
startSignIn(boot.me);
startStatus(store);
startSideRooms(boot.room.name, true);
startOutbox(store, startSocket(store));
