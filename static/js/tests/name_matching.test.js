import assert from "node:assert/strict";
import test from "node:test";

import { matchPeople } from "../lib/name_matching.js";

const person = (name, bot = false) => ({ id: name, name, bot });
const names = (people, query, here = []) =>
  matchPeople(people, query, ({ name }) => here.includes(name)).map(({ name }) => name);

test("people come before bots, and who is here before who is not", () => {
  const all = [person("dalek", true), person("dave"), person("dana"), person("erin")];
  assert.deepEqual(names(all, "da", ["dave", "dalek"]), ["dave", "dana", "dalek"]);
});

test("the beginning of any word fits, that of the name better", () => {
  const all = [person("ann.daly"), person("zed-dan"), person("dana"), person("bodan")];
  assert.deepEqual(names(all, "DA"), ["dana", "ann.daly", "zed-dan"]);
  assert.deepEqual(names(all, "ann-d"), ["ann.daly"]);
});

test("everybody fits nothing", () => {
  assert.deepEqual(names([person("bot", true), person("ann")], ""), ["ann", "bot"]);
});

test("both names count, and the mention is found by the one that is shown", () => {
  const people = [{ id: 1, name: "bross", display_name: "Bob Ross" }, { id: 2, name: "rosalind" }];
  assert.deepEqual(matchPeople(people, "ros", () => false).map(({ name }) => name), ["rosalind", "bross"]);
  assert.deepEqual(matchPeople(people, "bob", () => false).map(({ name }) => name), ["bross"]);
});
