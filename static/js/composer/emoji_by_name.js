// `:tada:` typed out becomes 🎉 at the second colon. The names are loaded at the first one.

import { inMyTone } from "../lib/emoji_choice.js";
import { closedName, replaceNames } from "../lib/emoji_names.js";
import { insertText } from "../lib/text_field.js";
import { on } from "../core/bus.js";

export function startEmojiByName() {
  const field = document.getElementById("composer-text");
  let emoji = null;

  field.addEventListener("input", async ({ inputType, isComposing }) => {
    if (isComposing || inputType?.startsWith("history") || inputType?.startsWith("delete")) return;
    const typed = field.value.slice(0, field.selectionStart);
    if (!typed.endsWith(":")) return;
    await load();
    const before = field.value.slice(0, field.selectionStart);
    const closed = before.endsWith(typed.slice(-64)) && emoji && closedName(before);
    const text = closed && nameToEmoji(closed.name);
    if (text && document.activeElement === field) insertText(field, text, closed.from, before.length);
  });
  // What was pasted, or typed faster than the names were loaded.
  on("before-say", (said) => {
    if (emoji) said.text = replaceNames(said.text, nameToEmoji);
  });

  function nameToEmoji(name) {
    const found = emoji.emojiNamed(name);
    return found && inMyTone(found);
  }

  async function load() {
    emoji ??= await import("../lib/emoji.js").catch(() => null); // away: the next colon asks again
  }
}
