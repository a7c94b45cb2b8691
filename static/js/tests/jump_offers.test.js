import assert from "node:assert/strict";
import test from "node:test";

import { offersFor } from "../jump_offers.js";

const offered = (text) => offersFor(text, ["Bob", "bobby", "charlie"]).map(({ kind, name }) => `${kind} ${name}`);

test("people whose names begin like that come first, what would make a room last", () => {
  assert.deepEqual(offered("bob"), ["talk Bob", "talk bobby", "search bob", "room bob"]);
  assert.deepEqual(offered("erin"), ["search erin", "talk erin", "room erin"]);
});

test("@ asks for people, # for rooms", () => {
  assert.deepEqual(offered("@cha"), ["talk charlie", "talk cha", "search @cha"]);
  assert.deepEqual(offered("#news"), ["room news", "search #news"]);
});

test("words are searched for, and nobody is called like that", () => {
  assert.deepEqual(offered("two words"), ["search two words", "room two words"]);
  assert.deepEqual(offered("a/b"), ["search a/b"]);
  assert.deepEqual(offered(""), []);
});
