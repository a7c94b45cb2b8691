// What stands before the caret and can be completed: a name, an emoji, a command.

// Letters of scripts that put no space between words, or add endings to a name; rooms/text/markup.py has the same.
const CLOSE =
  "\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Myanmar}\\p{sc=Khmer}\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Bopomofo}\\p{sc=Hangul}";
const OTHER = /(?:^|[\s(（])([:/：／])([\p{L}\p{N}_.-]*)$/u;
const BEFORE =
  `^|[^\\p{L}\\p{N}_\\u0300-\\u036f@＠/-]|[${CLOSE}]|(?:^|[^\\p{L}\\p{N}_])-|(?:^|[\\s(（])(?:[@＠][A-Za-z0-9_.-]+/)+`;
const NAME = new RegExp(`(?:${BEFORE})([@＠])([A-Za-z0-9_.-]*)$`, "u");
const WIDE = { "＠": "@", "：": ":", "／": "/" }; // as input methods type them

/** {sign, query} of the word that is being typed, or null. A wide sign is told as the one it stands for. */
export function typedWord(before) {
  const word = OTHER.exec(before) || NAME.exec(before);
  return word && { sign: WIDE[word[1]] ?? word[1], query: word[2] };
}

/** Whether the key event belongs to an input method (229: the Enter that ends the composition). */
export const isComposing = ({ isComposing, keyCode }) => isComposing || keyCode === 229;
