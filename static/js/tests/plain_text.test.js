// The same cases as accounts/tests/test_plain_text.py: what a page sends is what the server keeps.

import assert from "node:assert/strict";
import test from "node:test";

import { clean } from "../lib/plain_text.js";

const ENGLAND = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";

test("only what nobody sees is left out", () => {
  for (
    const [text, cleaned] of [
      ["a\x1b[31mred", "a[31mred"],
      ["page\fpage", "pagepage"],
      ["a\x7fb\0c\bd", "abcd"],
      ["a\x9bb", "ab"],
      ["a\ud83db\ude00", "ab"],
      ["\ufeff# heading", "# heading"],
      ["a\r\nb\rc\vd\u2028e\u2029f\x85g", "a\nb\nc\nd\ne\nf\ng"],
      ["a\tb\nc", "a\tb\nc"],
      ["a\u{e0069}\u{e0067}b", "ab"],
      [`${ENGLAND}!`, `${ENGLAND}!`],
      ["می\u200cخواهم ❤\ufe0f 👩\u200d💻 a\u00adb 😀", "می\u200cخواهم ❤\ufe0f 👩\u200d💻 a\u00adb 😀"],
    ]
  ) {
    assert.equal(clean(text), cleaned);
  }
});
