// What is read of a message, without its Markdown: for quotes, notifications and announcements. Pure.

const PICTURE = /<img class="own-emoji" [^>]*alt="([^"]*)"[^>]*>/g;
const TAG = /<(?:[^"'<>]|"[^"]*"|'[^']*')*>/g;
const CHARACTERS = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", "#39": "'" };

/** What is read in safe html, without its tags; rooms/text/markup.py has the same. */
export const visibleText = (html) =>
  html.replace(PICTURE, "$1").replace(TAG, "").replace(/&(#?\w+);/g, (whole, name) => CHARACTERS[name] ?? whole);

/** The words of a message on one line, or the names of its files, cut after so many characters. There are none in a deleted one. */
export function excerptOf({ message, html, state, deleted, files = [] }, most = Infinity) {
  if (deleted) return "";
  const isWritten = state !== "queued" && state !== "streaming"; // only then does the html belong to the text
  const text = ((isWritten && html && visibleText(html)) || message).trim().replace(/\s+/g, " ") ||
    (files.length ? `📎 ${files.map(({ name }) => name).join(", ")}` : "");
  if (text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}

const EMOJI_ONLY = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f] ?){1,27}$/u;
const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Whether a text is a few emoji and nothing else; rooms/text/markup.py decides it for what is sent. */
export const isEmojiOnly = (text) => text.length <= 200 && EMOJI_ONLY.test(text);

/** Whether the first letter of a text is of a script that is written from right to left. */
export const isRightToLeft = (text) => RIGHT_TO_LEFT.test(text);
