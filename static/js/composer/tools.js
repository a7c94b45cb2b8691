// What helps while one writes: not needed to read or to send, so it is loaded once the room is shown.

import { start } from "../core/start.js";
import { startCompletion } from "./completion.js";
import { startEmojiByName } from "./emoji_by_name.js";
import { startFormatTools } from "./format_tools.js";
import { startPasteAsCode } from "./paste_as_code.js";
import { startSendHint } from "./send_hint.js";

export function startComposerTools(store, botName) {
  start(startCompletion, store, botName);
  start(startEmojiByName);
  start(startFormatTools);
  start(startPasteAsCode);
  start(startSendHint);
}
