// What people are called and what they say of themselves, as it changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { currentStatus, shownName } from "../lib/people.js";
import { initial, reduce } from "../state/room_state.js";

const alice = { id: 1, name: "alice", bot: false };
const bob = { id: 2, name: "bob", bot: false };
const message = (id, sender, reply_to = null) => ({
  id,
  seq: id,
  kind: "human",
  sender,
  message: "hi",
  html: "",
  created: "2026-11-20T10:00:00Z",
  client_id: null,
  reply_to,
  edited: null,
  deleted: false,
  reactions: [],
  mentions: [],
  state: "complete",
});

function room(messages = []) {
  const state = initial({ me: alice, room: { name: "lobby", title: "Lobby", kind: "public" }, seq: 2, messages });
  return reduce(state, { type: "welcome", online: [alice, bob], count: 2 });
}

test("a display name shows in messages, in quotes and in the list of people", () => {
  const quote = { id: 1, sender: "bob", sender_id: 2, excerpt: "hi" };
  const before = room([message(1, bob), message(2, alice, quote)]);
  const after = reduce(before, { type: "person", user: { ...bob, display_name: "Bob Ross" } });
  assert.equal(shownName(after.messages.get(1).sender), "Bob Ross");
  assert.equal(after.messages.get(1).sender.name, "bob");
  assert.equal(after.messages.get(2).reply_to.sender_display_name, "Bob Ross");
  assert.equal(shownName(after.online.get(2)), "Bob Ross");
  assert.equal(after.messages.get(2).sender, before.messages.get(2).sender);
  const back = reduce(after, { type: "person", user: bob });
  assert.deepEqual(back.messages, before.messages);
});

test("a status alone changes no message", () => {
  const before = room([message(1, bob)]);
  const status = { emoji: "🌴", text: "", availability: "available" };
  const after = reduce(before, { type: "person", user: { ...bob, status } });
  assert.equal(after.messages, before.messages);
  assert.deepEqual(after.online.get(2).status, status);
});

test("my own status is mine at once, and that of the other in direct messages theirs", () => {
  const status = { emoji: "", text: "", availability: "dnd" };
  assert.deepEqual(reduce(room(), { type: "person", user: { ...alice, status } }).me.status, status);
  const direct = initial({ me: alice, room: { name: "dm--1", kind: "direct", with: bob } });
  assert.deepEqual(reduce(direct, { type: "person", user: { ...bob, status } }).room.with.status, status);
});

test("nobody who is elsewhere comes in by it", () => {
  const carol = { id: 3, name: "carol", bot: false };
  assert.equal(reduce(room(), { type: "person", user: carol }).online.size, 2);
});

test("a status ends at its time", () => {
  const status = { emoji: "", text: "lunch", availability: "dnd", until: "2026-11-20T11:00:00Z" };
  const person = { ...bob, status };
  assert.equal(currentStatus(person, Date.parse("2026-11-20T10:59:00Z")), status);
  assert.equal(currentStatus(person, Date.parse("2026-11-20T11:00:00Z")), null);
  assert.equal(currentStatus(bob), null);
});
