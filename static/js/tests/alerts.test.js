import assert from "node:assert/strict";
import test from "node:test";

import { addressOf, alertOf, isAsked, unheard } from "../state/alerts.js";

const room = (name, kind = "public") => ({ name, title: name.toUpperCase(), kind });
const bob = { id: 2, name: "bob", display_name: "Bob B" };
const row = (id, fields = {}) => ({
  id,
  kind: "mention",
  room: room("tea"),
  message_id: 10 * id,
  by: bob,
  excerpt: `words ${id}`,
  reactions: [],
  created: `2026-11-30T10:00:0${id}.000Z`,
  ...fields,
});
const inRoom = (name, title) => `${name} in ${title}`;
const shown = ({ display_name: name }) => name;

test("another tab may have asked, but not in the future: a clock that was put right silences nothing", () => {
  assert.ok(isAsked(1000, 900, 1100));
  assert.ok(!isAsked(800, 900, 1100));
  assert.ok(!isAsked(9_000_000, 900, 1100));
});

test("of each room the last row calls, and each row once", () => {
  const first = unheard([row(2), row(1), row(3, { room: room("coffee") })], []);
  assert.deepEqual(first.items.map(({ id }) => id), [2, 3]);
  assert.deepEqual(unheard([row(1), row(2), row(3)], first.keys).items, []);
  const again = row(1, { created: "2026-11-30T10:00:09.000Z" });
  assert.deepEqual(unheard([again], first.keys).items, [again], "one more reaction is new");
});

test("what has called is remembered within limits", () => {
  let keys = [];
  for (let id = 0; id < 300; id += 1) keys = unheard([row(id)], keys).keys;
  assert.equal(keys.length, 100);
});

test("it says who, and where", () => {
  assert.deepEqual(alertOf(row(1), inRoom, shown), { title: "Bob B in TEA", body: "words 1", tag: "room:tea" });
  const direct = row(1, { room: room("x1", "direct"), reactions: [{ emoji: "👍" }, { emoji: "👍" }, { emoji: "🎉" }] });
  assert.deepEqual(alertOf(direct, inRoom, shown), { title: "Bob B", body: "👍 🎉 words 1", tag: "room:x1" });
  assert.equal(alertOf(row(1, { excerpt: `a${"\u0301".repeat(99)}` }), inRoom, shown).body.length, 9);
});

test("it leads to the message; an invitation to the inbox", () => {
  assert.deepEqual(addressOf(row(1)), { pathname: "/chat/tea/", hash: "#m10" });
  assert.deepEqual(addressOf(row(1, { room: room("x1", "direct") })), { pathname: "/dm/bob/", hash: "#m10" });
  assert.equal(addressOf(row(1, { message_id: null })).pathname, "/inbox/");
});
