import assert from "node:assert/strict";
import test from "node:test";

import { typedWord } from "../lib/typed_word.js";

const name = (before) => {
  const word = typedWord(before);
  return word?.sign === "@" ? word.query : null;
};

test("a name is completed where it would be heard", () => {
  for (
    const before of [
      "@bo",
      "ask @bo",
      "(@bo",
      "Thanks.@bo",
      "hi,@bo",
      "-@bo",
      "hm--@bo",
      "@alice/@bo",
      "@alice/@ann.lee/@bo",
      "你好@bo",
      "안녕@bo",
      "**@bo",
      "“@bo",
      "x\n@bo",
    ]
  ) {
    assert.equal(name(before), "bo", before);
  }
  assert.equal(name("@"), "");
});

test("not in a word, an address or a path", () => {
  for (
    const before of [
      "me@bo",
      "a_@bo",
      "a-@bo",
      "é@bo",
      "@@bo",
      "@alice@bo",
      "example.org/@bo",
      "example.org/@alice/@bo",
      "/@bo",
      "@bo ",
      "@bo你",
    ]
  ) {
    assert.equal(name(before), null, before);
  }
});

test("emoji and commands stand after a space", () => {
  assert.deepEqual(typedWord("so :smi"), { sign: ":", query: "smi" });
  assert.deepEqual(typedWord("/inv"), { sign: "/", query: "inv" });
  for (const before of ["10:30", "a/b", "plain"]) assert.equal(typedWord(before), null);
});

test("the wide signs of input methods mean the same", () => {
  assert.deepEqual(typedWord("＠bo"), { sign: "@", query: "bo" });
  assert.deepEqual(typedWord("请＠bo"), { sign: "@", query: "bo" });
  assert.deepEqual(typedWord("＠alice/＠bo"), { sign: "@", query: "bo" });
  assert.deepEqual(typedWord("so ：smi"), { sign: ":", query: "smi" });
  assert.deepEqual(typedWord("（：smi"), { sign: ":", query: "smi" });
  assert.deepEqual(typedWord("／inv"), { sign: "/", query: "inv" });
  for (const before of ["a_＠bo", "＠＠bo", "注意：smi", "10：30"]) assert.equal(typedWord(before), null, before);
});
