// Starts the parts of the page that belong to one room. What they listen to ends when the person moves on to another.

import { emit, on } from "./core/bus.js";
import { startAnnouncer } from "./panel/announcer.js";
import { startStatusArea } from "./panel/status_area.js";
import { startBackToAnswer } from "./timeline/back_to_answer.js";
import { startBlocking } from "./timeline/blocking.js";
import { startCatchUp } from "./timeline/catch_up.js";
import { startCommands } from "./composer/commands.js";
import { startComposer } from "./composer/composer.js";
import { startHistory } from "./timeline/history.js";
import { startMessageActions } from "./timeline/message_actions.js";
import { rememberRoom } from "./palette/recent_rooms.js";
import { startRoomKeys } from "./palette/room_keys.js";
import { startNotifyButton } from "./panel/notify_button.js";
import { startOutbox } from "./core/outbox.js";
import { startPeopleList } from "./panel/people_list.js";
import { startFacePile } from "./panel/face_pile.js";
import { startPanel } from "./panel/panel.js";
import { startReadPosition } from "./timeline/read_position.js";
import { startSeenMessages } from "./timeline/seen_messages.js";
import { startUnreadBar } from "./timeline/unread_bar.js";
import { startRoomInfo } from "./panel/room_info.js";
import { initial, reduce } from "./state/room_state.js";
import { startSidebar } from "./sidebar/sidebar.js";
import { startSidebarRooms } from "./sidebar/sidebar_rooms.js";
import { startSocket } from "./core/socket.js";
import { listen, whenGone } from "./core/scope.js";
import { start, startLater, startOnEvent } from "./core/start.js";
import { startPresenceStatus } from "./panel/presence_status.js";
import { makeStore } from "./core/store.js";
import { startTimeline } from "./timeline/timeline.js";
import { startWriteNote } from "./composer/write_note.js";
import { startTyping } from "./composer/typing.js";
import { startKeyboardNavigation } from "./lib/keyboard_navigation.js";
import { editKept } from "./lib/local_storage.js";

// What other parts need of files: they ask for it.
const FILE_MODULES = {
  cards: () => import("./files/cards.js"),
  uploads: () => import("./files/uploads.js"),
  sendForm: () => import("./files/send_form.js"),
};

/** boot: what the page says of the room. Returns its store. */
export function startRoom(boot) {
  const store = makeStore(reduce, initial(boot));
  on("files-module", (asked) => (asked.answer = FILE_MODULES[asked.name]()));
  start(startTimeline, store);
  start(startStatusArea, store);
  startOnEvent("overload", () => import("./panel/load_banner.js"), (module) => module.startLoadBanner(store));
  on("state", ({ state, before }) => state.overload !== before.overload && emit("overload"));
  start(startBlocking, store);
  start(startComposer, store);
  start(startWriteNote, store, boot);
  start(startMessageActions, store);
  start(startBackToAnswer);
  start(startKeyboardNavigation);
  start(startTyping);
  start(startCommands, store);
  start(startCatchUp, boot.room.name, boot.botName);
  start(startPanel, boot.room.name);
  start(startFacePile, store);
  start(startPeopleList, store);
  start(rememberRoom, boot.me.id, boot.room);
  start(startRoomKeys);
  start(startNotifyButton);
  start(startAnnouncer, store);
  start(startHistory, store);
  start(startReadPosition, store);
  start(startSeenMessages, store, start(startUnreadBar, store));
  start(startRoomInfo, store);
  start(startSidebar, store);
  start(startPresenceStatus, store);
  start(startSidebarRooms, boot.room.name, boot.joined);
  if (boot.joined) {
    const socket = start(startSocket, store);
    whenGone(() => socket?.stop());
    start(startOutbox, store, socket);
  } else {
    const said = []; // before there is somebody who takes it
    const stop = on("say", (message) => said.push(message));
    startLater(() => import("./timeline/visiting.js"), (module) => {
      stop();
      start(module.startVisiting, store);
      for (const message of said) emit("say", message);
    });
  }
  if (document.getElementById("welcome")) {
    startLater(() => import("./timeline/welcome.js"), (module) => module.startWelcome());
  }
  startLater(() => import("./composer/tools.js"), (module) => module.startComposerTools(store, boot.botName));
  const loadEdit = () => import("./timeline/inline_edit.js");
  let edits = false;
  const startEdit = (module) => edits || (edits = true, module.startInlineEdit(store));
  startOnEvent("edit", loadEdit, startEdit);
  // Who has written may edit it next: what is typed while that is loaded would go into the message field.
  on("say", () => startLater(loadEdit, startEdit));
  if (editKept(boot.me, boot.room).get()) startLater(loadEdit, startEdit);
  startOnEvent("files-shown", () => import("./files/viewer.js"), (module) => module.startFileViewer(store));
  if (document.querySelector(".file")) emit("files-shown");
  startOnEvent("attach", () => import("./files/tray.js"), (module) => module.startTray(store));
  startOnEvent("record-voice", () => import("./files/voice.js"), (module) => module.startVoice());
  startOnEvent("send-files", () => import("./files/sending.js"), (module) => module.startSending(store));
  startOnEvent("sign-in", () => import("./core/sign_in.js"), (module) => module.startSignIn(boot.me));
  startOnEvent("edit-topic", () => import("./panel/topic_edit.js"), (module) => module.startTopicEdit(store));
  startOnEvent("delete-soon", () => import("./timeline/undo_delete.js"), (module) => module.startUndoDelete());
  startOnEvent("toggle-block", () => import("./timeline/block_dialog.js"), (module) => module.startBlockDialog(store));
  const loadMenu = () => import("./timeline/message_menu.js");
  startOnEvent("message-menu", loadMenu, (module) => module.startMessageMenu());
  // Whoever walks through messages by key opens it by key: an arrow pressed before it is there would move on.
  listen(document.getElementById("timeline"), "focusin", () => loadMenu().catch(() => {}), { once: true });
  startOnEvent("pins-shown", () => import("./panel/pinned_list.js"), (module) => module.startPinnedList(store));
  startOnEvent("show-source", () => import("./timeline/source_card.js"), (module) => module.startSourceCard(store));
  startOnEvent(
    "who-reacted",
    () => import("./timeline/reaction_tooltip.js"),
    (module) => module.startReactionTooltip(store),
  );
  return store;
}
