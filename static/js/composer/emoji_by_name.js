// Replaces a typed `:tada:` by 🎉 at the second colon. If it was pasted, or typed too fast, it is replaced on sending.

import { closedName } from "../lib/emoji_names.js";
import { emojiCalled, loadEmojiNames } from "../lib/named_emoji.js";
import { insertText } from "../lib/text_field.js";

/** typed: what stood before the caret when the colon came. */
export async function replaceTypedName(field, typed) {
  await loadEmojiNames();
  const before = field.value.slice(0, field.selectionStart);
  const closed = before.endsWith(typed.slice(-64)) && closedName(before);
  const text = closed && emojiCalled(closed.name);
  if (text && document.activeElement === field) insertText(field, text, closed.from, before.length);
}
