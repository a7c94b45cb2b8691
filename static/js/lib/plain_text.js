// A text as its writer meant it: without what can neither be typed nor seen. accounts/plain_text.py does the same. Pure.

const LINE_BREAKS = /\r\n?|[\v\u0085\u2028\u2029]/g;
// Control characters but tab and line feed, halves of characters, the mark at the beginning of a file, marks of
// annotations, what is no character. Tags are invisible letters; only in flags of regions do they mean anything.
const CONTROL_CHARACTERS =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f})|[\0-\x08\f\x0e-\x1f\x7f-\x9f\p{Cs}\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

export const clean = (text) => text.replace(LINE_BREAKS, "\n").replace(CONTROL_CHARACTERS, "$1");
