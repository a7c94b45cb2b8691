import assert from "node:assert/strict";
import test from "node:test";

import { after, alice, bob, message, messages, room } from "./make.js";

test("what I say is pending, then sent, then gone when it arrives as a message", () => {
  const said = after(room(), { type: "local.say", id: "u1", message: "hi", created: "2026-11-20T10:00:00Z" });
  assert.equal(said.pending[0].status, "waiting");
  const sent = after(said, { type: "local.sending", id: "u1" }, { type: "ack", id: "u1", message_id: 1, seq: 1 });
  assert.equal(sent.pending[0].status, "sent");
  const there = after(sent, message(1, { sender: alice, client_id: "u1" }));
  assert.deepEqual(there.pending, []);
  assert.deepEqual(there.ids, [1]);
});

test("an ack that comes after its message leaves nothing pending", () => {
  const said = after(room(), { type: "local.say", id: "u1", message: "hi" }, { type: "local.sending", id: "u1" });
  const state = after(said, message(1, { sender: alice, client_id: "u1" }), {
    type: "ack",
    id: "u1",
    message_id: 1,
    seq: 1,
  });
  assert.deepEqual(state.pending, []);
});

test("an ack for a message that is older than the page leaves nothing pending", () => {
  const said = after(room(messages(100, 150), { more: true }), { type: "local.say", id: "u1", message: "hi" }, {
    type: "local.sending",
    id: "u1",
  });
  assert.deepEqual(after(said, { type: "ack", id: "u1", message_id: 40, seq: 40 }).pending, []);
});

test("a page of history that brings a message of mine ends its way", () => {
  const said = after(room(messages(100, 150), { more: true }), { type: "local.say", id: "u1", message: "hi" }, {
    type: "local.say",
    id: "u2",
    message: "ho",
  });
  const page = {
    type: "local.page",
    where: "before",
    messages: [message(40, { sender: alice, client_id: "u1" }), message(41, { client_id: "u2" })],
    more: false,
    seq: 150,
  };
  assert.deepEqual(after(said, page).pending.map(({ id }) => id), ["u2"]);
});

test("a message of mine from another device takes nothing of this page's pending", () => {
  const said = after(room(), { type: "local.say", id: "u1", message: "hi" });
  assert.equal(after(said, message(1, { sender: alice, client_id: "other" })).pending.length, 1);
  assert.equal(after(said, message(1, { sender: bob, client_id: "u1" })).pending.length, 1);
});

test("an error that passes leaves the message waiting; any other makes it failed, to be sent again", () => {
  const said = after(room(), { type: "local.say", id: "u1", message: "hi" }, { type: "local.sending", id: "u1" });
  assert.equal(
    after(said, { type: "error", id: "u1", code: "rate_limited", message: "Wait." }).pending[0].status,
    "waiting",
  );
  const failed = after(said, { type: "error", id: "u1", code: "too_long", reason: "message_too_long", message: "" });
  assert.deepEqual([failed.pending[0].status, failed.pending[0].error.reason], ["failed", "message_too_long"]);
  assert.equal(after(failed, { type: "local.again", id: "u1" }).pending[0].status, "waiting");
  assert.deepEqual(after(failed, { type: "local.discard", id: "u1" }).pending, []);
});

test("a lost connection puts what was under way back in line, in order", () => {
  const said = after(room(), { type: "local.say", id: "u1", message: "1" }, {
    type: "local.say",
    id: "u2",
    message: "2",
  }, { type: "local.sending", id: "u1" });
  const state = after(said, { type: "local.connection", connection: { phase: "away" } });
  assert.deepEqual(state.pending.map(({ id, status }) => [id, status]), [["u1", "waiting"], ["u2", "waiting"]]);
});
