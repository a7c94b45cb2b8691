// What `:tada:` becomes. The names are loaded when somebody writes one.

import { inMyTone } from "./emoji_choice.js";
import { isOwnEmoji, loadOwnEmoji } from "./own_emoji.js";

let emoji = null;

/** Never rejects: away, the next name asks again. */
export async function loadEmojiNames() {
  [emoji] = await Promise.all([emoji ?? import("./emoji.js").catch(() => null), loadOwnEmoji()]);
}

export const areNamesLoaded = () => Boolean(emoji);

/** An emoji in the colour of skin that this person wants, or undefined. The server's own keep their names. */
export function emojiCalled(name) {
  const found = isOwnEmoji(`:${name}:`) ? undefined : emoji?.emojiNamed(name);
  return found && inMyTone(found);
}
