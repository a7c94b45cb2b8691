// Starts the room page: the state begins with what the server has rendered, and each part reacts to its changes.

import { startAnnouncer } from "./panel/announcer.js";
import { startStatusArea } from "./panel/status_area.js";
import { startLoadBanner } from "./panel/load_banner.js";
import { startBackToAnswer } from "./timeline/back_to_answer.js";
import { startBlocking } from "./timeline/blocking.js";
import { startCatchUp } from "./timeline/catch_up.js";
import { startCommands } from "./composer/commands.js";
import { startCompletion } from "./composer/completion.js";
import { startComposer } from "./composer/composer.js";
import { startEmojiPicker } from "./composer/emoji_picker.js";
import { timeZone } from "./lib/formats.js";
import { startHistory } from "./timeline/history.js";
import { startMessageActions } from "./timeline/message_actions.js";
import { startInvitations } from "./sidebar/invitations.js";
import { startQuickSwitcher } from "./sidebar/quick_switcher.js";
import { startNotifyButton } from "./panel/notify_button.js";
import { startOutbox } from "./core/outbox.js";
import { startPasteAsCode } from "./composer/paste_as_code.js";
import { startPeopleList } from "./panel/people_list.js";
import { startPeoplePane } from "./panel/people_pane.js";
import { startReadPosition } from "./timeline/read_position.js";
import { startRoomInfo } from "./panel/room_info.js";
import { initial, reduce } from "./state/room_state.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { startSocket } from "./core/socket.js";
import { start, startOnEvent } from "./core/start.js";
import { startPresenceStatus } from "./panel/presence_status.js";
import { makeStore } from "./core/store.js";
import { startTimeline } from "./timeline/timeline.js";
import { startTyping } from "./composer/typing.js";
import { startKeyboardNavigation } from "./lib/keyboard_navigation.js";

// The server needs the time zone for headings of days.
document.cookie = `zone=${timeZone()}; path=/; max-age=31536000; samesite=lax`;

const boot = JSON.parse(document.getElementById("boot").textContent);
const store = makeStore(reduce, initial(boot));

start(startTimeline, store);
start(startStatusArea, store);
start(startLoadBanner);
start(startBlocking, store);
start(startComposer, store);
start(startMessageActions, store);
start(startBackToAnswer);
start(startKeyboardNavigation);
start(startTyping);
start(startCompletion, store, boot.botName);
start(startEmojiPicker);
start(startCommands, store);
start(startPasteAsCode);
start(startCatchUp, boot.room.name, boot.botName);
start(startPeoplePane);
start(startPeopleList, store);
start(startQuickSwitcher);
start(startInvitations);
start(startNotifyButton, store);
start(startAnnouncer, store);
start(startHistory, store);
start(startReadPosition, store);
start(startRoomInfo, store);
start(startSidebar, store);
start(startPresenceStatus, store);
start(startSidebarRooms, boot.room.name, boot.joined);
if (boot.joined) start(startOutbox, store, start(startSocket, store));
else import("./timeline/visiting.js").then(({ startVisiting }) => start(startVisiting, store));

startOnEvent("delete-soon", async () => (await import("./timeline/undo_delete.js")).startUndoDelete());
startOnEvent("show-receipt", async () => (await import("./timeline/receipt.js")).startReceipt(store));
startOnEvent("who-reacted", async () => (await import("./timeline/reaction_tooltip.js")).startReactionTooltip(store));
startOnEvent("sign-in", async () => (await import("./core/sign_in.js")).startSignIn(boot.me));
