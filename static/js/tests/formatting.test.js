import assert from "node:assert/strict";
import test from "node:test";

import { format, pastedLink } from "../composer/formatting.js";

/** `marked` has the selection in ‹ ›; so has what is returned. */
function done(kind, marked) {
  const from = marked.indexOf("‹");
  const to = marked.indexOf("›") - 1;
  const value = marked.replace(/[‹›]/g, "");
  const change = format(kind, value, from, to);
  const after = value.slice(0, change.from) + change.text + value.slice(change.to);
  return `${after.slice(0, change.start)}‹${after.slice(change.start, change.end)}›${after.slice(change.end)}`;
}

test("a selection is wrapped, and freed again", () => {
  for (const [kind, sign] of Object.entries({ bold: "**", italic: "*", strike: "~~", code: "`" })) {
    assert.equal(done(kind, "a ‹word› b"), `a ${sign}‹word›${sign} b`);
    assert.equal(done(kind, `a ${sign}‹word›${sign} b`), "a ‹word› b");
    assert.equal(done(kind, `a ‹${sign}word${sign}› b`), "a ‹word› b");
    assert.equal(done(kind, "a ‹›"), `a ${sign}‹›${sign}`);
  }
});

test("white space at the ends stays outside", () => {
  assert.equal(done("bold", "a‹ word ›b"), "a **‹word›** b");
});

test("bold and italic are told apart", () => {
  assert.equal(done("italic", "**‹word›**"), "***‹word›***");
  assert.equal(done("italic", "***‹word›***"), "**‹word›**");
  assert.equal(done("bold", "***‹word›***"), "*‹word›*");
  assert.equal(done("bold", "*‹word›*"), "***‹word›***");
});

test("lines become a list, a quote, and what they were", () => {
  assert.equal(done("list", "x\na‹b\nc›d"), "x\n‹- ab\n- cd›");
  assert.equal(done("ordered", "‹a\nb›"), "‹1. a\n2. b›");
  assert.equal(done("ordered", "‹- a\n- b›"), "‹1. a\n2. b›");
  assert.equal(done("list", "‹- a\n- b›"), "‹a\nb›");
  assert.equal(done("quote", "‹- a›"), "> - a‹›");
  assert.equal(done("quote", "‹> a›"), "a‹›");
  assert.equal(done("list", "‹›"), "- ‹›");
});

test("a block of code has lines of its own", () => {
  assert.equal(done("codeBlock", "a\n‹b›\nc"), "a\n```\n‹b›\n```\nc");
  assert.equal(done("codeBlock", "‹```\nb\n```›"), "‹b›");
});

test("a link asks for what is missing", () => {
  assert.equal(done("link", "see ‹this› there"), "see [this](‹https://›) there");
  assert.equal(done("link", "‹https://example.org›"), "[‹›](https://example.org)");
  assert.equal(done("link", "‹›"), "[‹›](https://)");
});

test("an address over a selection makes a link of it", () => {
  assert.equal(pastedLink("this", " https://example.org/a "), "[this](https://example.org/a)");
  assert.equal(pastedLink("a [b]", "https://example.org/(c)"), "[a \\[b\\]](<https://example.org/(c)>)");
  for (
    const [selected, pasted] of [["", "https://a.b"], ["x", "no address"], ["https://a.b", "https://c.d"], [
      "a\nb",
      "https://a.b",
    ]]
  ) {
    assert.equal(pastedLink(selected, pasted), null);
  }
});
