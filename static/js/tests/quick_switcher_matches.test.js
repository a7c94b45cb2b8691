import assert from "node:assert/strict";
import test from "node:test";

import { matchesFor, rankOf } from "../sidebar/quick_switcher_matches.js";

const room = (title, joined = false) => ({ name: title.toLowerCase(), title, kind: "public", joined });
const person = (name) => ({ id: 1, name, bot: false });
const offered = (text, found, shown) =>
  matchesFor(text, ["Bob", "bobby", "charlie"], found, shown).map(({ kind, name }) => `${kind} ${name}`);

test("before the server has answered, only who is known is offered, and a search", () => {
  assert.deepEqual(offered("bob"), ["direct Bob", "direct bobby", "search bob"]);
  assert.deepEqual(offered("inc"), ["search inc"]);
});

test("what the server finds comes first, and what would be new last", () => {
  const found = { rooms: [room("Bobsleigh"), room("Bobs", true)], people: [person("bobina"), person("Bob")] };
  assert.deepEqual(offered("bob", found), [
    "direct Bob",
    "direct bobby",
    "direct bobina",
    "join bobsleigh",
    "room bobs",
    "search bob",
    "create bob",
  ]);
});

test("nobody who does not exist is offered, and no room that exists is created", () => {
  assert.deepEqual(offered("inc", { rooms: [], people: [] }), ["search inc", "create inc"]);
  assert.deepEqual(offered("NEWS", { rooms: [room("News")], people: [] }), ["join news", "search NEWS"]);
  assert.deepEqual(offered("x".repeat(81), { rooms: [], people: [] }), [`search ${"x".repeat(81)}`]);
});

test("what stands at the side already is not offered again", () => {
  const found = { rooms: [room("News", true)], people: [person("erin")] };
  assert.deepEqual(offered("e", found, new Set(["news", "@erin"])), ["search e", "create e"]);
});

test("@ asks for people, # for rooms, also in the wide signs of input methods", () => {
  for (const sign of ["@", "＠"]) {
    assert.deepEqual(offered(`${sign}cha`, { rooms: [], people: [person("chad")] }), [
      "direct charlie",
      "direct chad",
      `search ${sign}cha`,
    ]);
  }
  for (const sign of ["#", "＃"]) {
    assert.deepEqual(offered(`${sign}news`, { rooms: [room("News")], people: [] }), [
      "join news",
      `search ${sign}news`,
    ]);
  }
  assert.deepEqual(offered("", null), []);
});

test("a name is ranked by how it begins", () => {
  assert.deepEqual(["Lobby", "Lobby 2", "Old lobby", "Slobby"].map((name) => rankOf(name, "#lobby")), [0, 1, 2, 3]);
  assert.equal(rankOf("", "lobby"), 3);
});
