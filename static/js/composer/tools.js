// Aids for writing. They are not needed to read or to send, so they are loaded once the room is shown.

import { emit, on } from "../core/bus.js";
import { start, startLater, startOnEvent } from "../core/start.js";
import { startAttach } from "./attach.js";
import { startFormatTools } from "./format_tools.js";
import { startSendHint } from "./send_hint.js";

const MIN_LINES = 5; // that are most often code

export function startComposerTools(store, botName) {
  const help = ({ field, menu }) => {
    whenTyped(field, () => {
      startLater(() => import("./completion.js"), (module) => module.startCompletion(store, botName, field, menu));
    });
    start(startEmojiByName, field);
  };
  help({ field: document.getElementById("composer-text"), menu: document.getElementById("completion") });
  on("write-in", help); // where else one writes: a message that is edited, perhaps since before this was loaded
  for (const field of document.querySelectorAll(".edit-form textarea")) {
    help({ field, menu: field.form.querySelector(".menu") });
  }
  start(startAttach, store);
  start(startFormatTools);
  start(startPaste);
  start(startSendHint);
}

/** act(), once: at the first word that is typed, which may have been before this was loaded. */
function whenTyped(field, act) {
  if ("typed" in field.dataset) act();
  else field.addEventListener("input", act, { once: true });
}

function startEmojiByName(field) {
  field.addEventListener("input", ({ inputType, isComposing }) => {
    if (isComposing || inputType?.startsWith("history") || inputType?.startsWith("delete")) return;
    replaceName();
  });
  if ("typed" in field.dataset) replaceName();

  function replaceName() {
    const typed = field.value.slice(0, field.selectionStart);
    if (typed.endsWith(":")) {
      import("./emoji_by_name.js").then((module) => module.replaceTypedName(field, typed), () => {});
    }
  }
}

function startPaste() {
  const field = document.getElementById("composer-text");
  startOnEvent("paste-lines", () => import("./paste_as_code.js"), (module) => module.startPasteAsCode());
  field.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    if (text.split("\n").length < MIN_LINES || text.includes("```")) return;
    emit("paste-lines", { text, at: field.selectionStart });
  });
}
