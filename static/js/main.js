// Starts the room page: the state begins with what the server drew, then each part hears of its changes.

import { startAnnouncer } from "./announcer.js";
import { startAround } from "./around.js";
import { startBanner } from "./banner.js";
import { startBlocking } from "./blocking.js";
import { startCommands } from "./commands.js";
import { startCompletion } from "./completion.js";
import { startComposer } from "./composer.js";
import { startEmojiPicker } from "./emoji_picker.js";
import { timeZone } from "./formats.js";
import { startHistory } from "./history.js";
import { startMessageActions } from "./message_actions.js";
import { startInvitations } from "./invitations.js";
import { startJump } from "./jump.js";
import { startNotifyButton } from "./notify_button.js";
import { startOutbox } from "./outbox.js";
import { startPasting } from "./pasting.js";
import { startPeopleList } from "./people_list.js";
import { startPeople } from "./people_pane.js";
import { startReading } from "./reading.js";
import { startRoomFacts } from "./room_facts.js";
import { initial, reduce } from "./room_state.js";
import { startSide } from "./side.js";
import { startSideRooms } from "./side_rooms.js";
import { startSocket } from "./socket.js";
import { start, startWhenAsked } from "./start.js";
import { startStatus } from "./status.js";
import { makeStore } from "./store.js";
import { startTimeline } from "./timeline.js";
import { startTyping } from "./typing.js";
import { startWalking } from "./walking.js";

// So that the server begins a day where it begins here.
document.cookie = `zone=${timeZone()}; path=/; max-age=31536000; samesite=lax`;

const boot = JSON.parse(document.getElementById("boot").textContent);
const store = makeStore(reduce, initial(boot));

start(startTimeline, store);
start(startAround, store);
start(startBanner);
start(startBlocking, store);
start(startComposer, store);
start(startMessageActions, store);
start(startWalking);
start(startTyping);
start(startCompletion, store, boot.botName);
start(startEmojiPicker);
start(startCommands, store);
start(startPasting);
start(startPeople);
start(startPeopleList, store);
start(startJump);
start(startInvitations);
start(startNotifyButton, store);
start(startAnnouncer, store);
start(startHistory, store);
start(startReading, store);
start(startRoomFacts, store);
start(startSide, store);
start(startStatus, store);
start(startSideRooms, boot.room.name, boot.joined);
if (boot.joined) start(startOutbox, store, start(startSocket, store));
else import("./visiting.js").then(({ startVisiting }) => start(startVisiting, store));

startWhenAsked("delete-soon", async () => (await import("./deleting.js")).startDeleting());
startWhenAsked("show-receipt", async () => (await import("./receipt.js")).startReceipt(store));
startWhenAsked("who-reacted", async () => (await import("./reacted.js")).startReacted(store));
startWhenAsked("sign-in", async () => (await import("./sign_in.js")).startSignIn(boot.me));
