import assert from "node:assert/strict";
import test from "node:test";

import { continues, isGone, repliedTo } from "../state/grouping.js";
import { alice, bob, message } from "./make.js";

const first = message(1, { sender: bob });
const later = (seconds, fields = {}) =>
  message(2, { sender: bob, created: new Date(Date.parse(first.created) + seconds * 1000).toISOString(), ...fields });

test("messages of one author within five minutes stand together", () => {
  assert.equal(continues(first, later(299)), true);
  assert.equal(continues(first, later(300)), false);
  assert.equal(continues(first, later(1, { sender: alice })), false);
});

test("a reply, a notice and the first message stand alone", () => {
  assert.equal(continues(first, later(1, { reply_to: { id: 1 } })), false);
  assert.equal(continues(later(0, { kind: "notice" }), later(1, { kind: "notice" })), false);
  assert.equal(continues(null, first), false);
});

test("a deleted message leaves a line only where somebody replied to it", () => {
  const messages = new Map([
    [1, message(1, { deleted: true })],
    [2, message(2, { deleted: true })],
    [3, message(3, { reply_to: { id: 2 } })],
  ]);
  const answered = repliedTo(messages);
  assert.deepEqual([1, 2, 3].filter((id) => isGone(messages.get(id), answered)), [1]);
});
