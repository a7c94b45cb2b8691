// What helps while one writes: not needed to read or to send, so it is loaded once the room is shown.

import { on } from "../core/bus.js";
import { start } from "../core/start.js";
import { startCompletion } from "./completion.js";
import { startEmojiByName } from "./emoji_by_name.js";
import { startFormatTools } from "./format_tools.js";
import { startPasteAsCode } from "./paste_as_code.js";
import { startSendHint } from "./send_hint.js";

export function startComposerTools(store, botName) {
  const help = ({ field, menu }) => {
    start(startCompletion, store, botName, field, menu);
    start(startEmojiByName, field);
  };
  help({ field: document.getElementById("composer-text"), menu: document.getElementById("completion") });
  on("write-in", help); // where else one writes: a message that is edited, perhaps since before this was loaded
  for (const field of document.querySelectorAll(".edit-form textarea")) {
    help({ field, menu: field.form.querySelector(".menu") });
  }
  start(startFormatTools);
  start(startPasteAsCode);
  start(startSendHint);
}
