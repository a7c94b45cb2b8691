import assert from "node:assert/strict";
import test from "node:test";

import { groupsFor, rankOf } from "../palette/palette_matches.js";

const found = (title, joined = false) => ({
  name: title.toLowerCase(),
  title,
  kind: "public",
  joined,
});
const person = (name, bot = false) => ({ id: name.length, name, bot });
const listed = (title, kind = "room") => ({
  name: title.toLowerCase(),
  title,
  kind,
  address: `/x/${title}`,
});
const offered = (text, facts = {}) =>
  groupsFor(text, { listed: [], ...facts }).map(({ group, items }) =>
    `${group}: ${items.map(({ kind, title, canJoin }) => `${kind} ${title}${canJoin ? " (join)" : ""}`).join(", ")}`
  );

test("without a query, where one was last; nothing is made", () => {
  assert.deepEqual(
    offered("", { listed: [listed("News"), listed("erin", "direct")] }),
    ["recent: room News, direct erin"],
  );
  assert.deepEqual(offered(""), []);
});

test("a room that was renamed is offered by what it was called, though it is mine", () => {
  const facts = {
    listed: [listed("Finance"), listed("Lobby")],
    found: {
      rooms: [{ ...found("Finance", true), was: "Accounting" }, { ...found("Tax"), was: "Accounts" }],
      people: [],
    },
  };
  const [{ items }] = groupsFor("acc", facts);
  assert.deepEqual(items.map(({ title, was }) => [title, was]), [["Finance", "Accounting"], ["Tax", "Accounts"]]);
});

test("my rooms, public rooms to join, people and direct messages, each once", () => {
  const facts = {
    listed: [listed("Incidents"), listed("Ina", "direct")],
    people: [person("Inga")],
    found: {
      rooms: [found("Incidents", true), found("Income")],
      people: [person("Ina"), person("inbot", true), person("Ines")],
    },
  };
  assert.deepEqual(offered("in", facts), [
    "rooms: room Incidents, room Income (join)",
    "directs: direct Ina",
    "people: person Inga, person Ines, person inbot",
    "search: search in, create in",
  ]);
});

test("people come before bots that fit as well", () => {
  const directs = [{ ...listed("bot", "direct"), isBot: true }, listed("bob", "direct")];
  assert.deepEqual(offered("bo", { listed: directs }), ["directs: direct bob, direct bot", "search: search bo"]);
});

test("the group with the best hit is first", () => {
  const facts = {
    listed: [listed("Bob's bikes"), listed("bob", "direct")],
    commands: [{ id: "a", title: "Bob down" }],
  };
  assert.deepEqual(offered("bob", facts), [
    "directs: direct bob",
    "rooms: room Bob's bikes",
    "commands: command Bob down",
    "search: search bob",
  ]);
});

test("a room is made last, and only once the server knows that there is none", () => {
  assert.deepEqual(offered("inc"), ["search: search inc"]);
  assert.deepEqual(offered("inc", { found: { rooms: [], people: [] } }), ["search: search inc, create inc"]);
  assert.deepEqual(
    offered("NEWS", { listed: [listed("News")], found: { rooms: [], people: [] } }),
    ["rooms: room News", "search: search NEWS"],
  );
  assert.deepEqual(offered("inc", { found: { rooms: [], people: [] }, mayCreate: false }), ["search: search inc"]);
  const long = "x".repeat(81);
  assert.deepEqual(offered(long, { found: { rooms: [], people: [] } }), [
    `search: search ${long}`,
  ]);
});

test("@ asks for people, # for rooms, > for commands, also in the wide signs of input methods", () => {
  const facts = {
    listed: [listed("Aachen"), listed("anna", "direct")],
    people: [person("adam")],
    commands: [{ id: "a", title: "Add" }],
    found: { rooms: [], people: [] },
  };
  for (const sign of ["@", "＠"]) {
    assert.deepEqual(offered(`${sign}a`, facts), [
      "directs: direct anna",
      "people: person adam",
      `search: search ${sign}a`,
    ]);
  }
  for (const sign of ["#", "＃"]) {
    assert.deepEqual(offered(`${sign}a`, facts), [
      "rooms: room Aachen",
      `search: search ${sign}a, create a`,
    ]);
  }
  for (const sign of [">", "＞"]) {
    assert.deepEqual(offered(sign, facts), ["commands: command Add"]);
  }
});

test("a name is ranked by how it begins, without case and accents", () => {
  const names = ["Lobby", "Lobby 2", "Old löbby", "Slobby", "Kitchen"];
  assert.deepEqual(names.map((name) => rankOf(name, "LÓBBY")), [0, 1, 2, 3, 4]);
});
