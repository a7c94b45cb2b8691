// What stands before the caret and can be completed: a name, a room, an emoji, a command.

// Letters of scripts that put no space between words, or add endings to a name; rooms/text/markup.py has the same.
const UNSPACED_SCRIPTS =
  "\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Myanmar}\\p{sc=Khmer}\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Bopomofo}\\p{sc=Hangul}";
const AFTER_SPACE = /(?:^|[\s(（])([:/#：／＃])([\p{L}\p{N}_.-]*)$/u;
const BEFORE_MENTION =
  `^|[^\\p{L}\\p{N}_\\u0300-\\u036f@＠/-]|[${UNSPACED_SCRIPTS}]|(?:^|[^\\p{L}\\p{N}_])-|(?:^|[\\s(（])(?:[@＠][A-Za-z0-9_.-]+/)+`;
const MENTION = new RegExp(`(?:${BEFORE_MENTION})([@＠])([A-Za-z0-9_.-]*)$`, "u");
const WIDE = { "＠": "@", "：": ":", "／": "/", "＃": "#" }; // as input methods type them

/** {sign, query} of the word that is being typed, or null. A full-width sign counts as the usual one. */
export function typedWord(before) {
  const word = AFTER_SPACE.exec(before) || MENTION.exec(before);
  return word && { sign: WIDE[word[1]] ?? word[1], query: word[2] };
}

/** Whether the key event belongs to an input method (229: the Enter that ends the composition). */
export const isComposing = ({ isComposing, keyCode }) => isComposing || keyCode === 229;
