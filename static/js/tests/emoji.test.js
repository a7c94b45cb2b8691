import assert from "node:assert/strict";
import test from "node:test";

import { EMOJI, emojiNamed, emojiOf, findEmoji, FREQUENT, GROUPS } from "../lib/emoji.js";
import { inMyTone } from "../lib/emoji_choice.js";
import { closedName, hasNames, replaceNames } from "../lib/emoji_names.js";

const tada = (name) => (name === "tada" ? "🎉" : undefined);

test("all of Unicode's emoji are there, each once and with names of its own", () => {
  assert.equal(EMOJI.length, 1914);
  assert.equal(new Set(EMOJI.map(({ emoji }) => emoji)).size, EMOJI.length);
  const names = EMOJI.flatMap((each) => each.names);
  assert.equal(new Set(names).size, names.length);
  assert.ok(EMOJI.every(({ emoji, label }) => /^[^A-Za-z]+$/.test(emoji) && label));
  assert.deepEqual(GROUPS.map(({ name }) => name), [
    ...["smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols", "flags"],
  ]);
  assert.ok(FREQUENT.every(emojiOf));
});

test("they are found by names and words, the best first", () => {
  const found = (query) => findEmoji(query).map(({ emoji }) => emoji);
  assert.equal(found("tada")[0], "🎉");
  for (const query of ["hea", "heart"]) assert.equal(found(query)[0], "❤️");
  assert.deepEqual(found("birthday cake"), ["🎂"]);
  assert.ok(found("party").includes("🎉") && found("flag-de")[0] === "🇩🇪");
  assert.deepEqual(found("nothing like that"), []);
});

test("a tone stands behind the first sign, in place of its selector", () => {
  assert.equal(inMyTone(emojiNamed("+1"), 3), "👍🏽");
  assert.equal(inMyTone(emojiNamed("v"), 1), "✌🏻");
  assert.equal(inMyTone(emojiNamed("woman_technologist"), 5), "👩🏿‍💻");
  assert.equal(inMyTone(emojiNamed("tada"), 5), "🎉");
});

test("names in a text become emoji, but not in code, words, times and addresses", () => {
  assert.equal(replaceNames("so :tada: (:TADA:)", (name) => tada(name.toLowerCase())), "so 🎉 (🎉)");
  for (
    const text of ["`:tada:`", "```\n:tada:\n```", "```\n:tada:", "x:tada:", "http://tada:tada:", "10:30:45", ":nix:"]
  ) {
    assert.equal(replaceNames(text, tada), text);
    assert.equal(hasNames(text), text === ":nix:", text);
  }
  assert.equal(replaceNames("`a` :tada: `b` :tada:", tada), "`a` 🎉 `b` 🎉");
});

test("a name is closed by its second colon, outside of code", () => {
  assert.deepEqual(closedName("so :tada:"), { from: 3, name: "tada" });
  assert.deepEqual(closedName(":+1:"), { from: 0, name: "+1" });
  assert.deepEqual(closedName("`a` :tada:"), { from: 4, name: "tada" });
  for (const before of ["a:tada:", "::", ": :", "`:tada:", "```\n:tada:", "10:30:", "see :tada"]) {
    assert.equal(closedName(before), null, before);
  }
});
