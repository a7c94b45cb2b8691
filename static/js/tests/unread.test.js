// What is unread, and what was on screen: nothing is read that was not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { allSeen, unreadCount, unseenIds } from "../state/unread.js";
import { after, alice, message, messages, room } from "./make.js";

const away = { type: "local.look", looking: false };
const back = { type: "local.look", looking: true };
const up = { type: "local.follow", following: false };
const seen = (id) => ({ type: "local.seen", id });
const told = { first: 3, since: "2026-11-20T09:00:00.000Z", count: 3 };

test("what the server says is unread waits to be seen, from the first on", () => {
  const state = room(messages(1, 5), { readSeq: 2, newId: 3, unread: told });
  assert.deepEqual([unseenIds(state), allSeen(state), unreadCount(state)], [[3, 4, 5], false, 3]);
  const half = after(state, seen(4));
  assert.deepEqual([unseenIds(half), allSeen(half), unreadCount(half)], [[5], false, 3]);
  assert.equal(allSeen(after(half, seen(5))), true);
  assert.equal(allSeen(after(half, seen(3))), false, "it never goes back");
});

test("as long as older unread messages are not in the page, nothing is taken for seen", () => {
  const state = room(messages(50, 60), { readSeq: 2, newId: 50, more: true, unread: { ...told, count: 58 } });
  assert.deepEqual([unseenIds(state), allSeen(state), unreadCount(state)], [null, false, 58]);
  const loaded = after(state, { type: "local.page", where: "before", messages: messages(1, 49), more: false });
  assert.equal(unseenIds(loaded).length, 58);
});

test("a jump to the end does not read what lies between", () => {
  const state = room(messages(1, 20), { readSeq: 2, newId: 3, isNewest: false, newestId: 90, unread: told });
  const end = after(state, seen(20), { type: "local.page", where: "newest", messages: messages(70, 90), more: true });
  assert.deepEqual([unseenIds(end), allSeen(end)], [null, false]);
});

test("mine, deleted ones and those of people I block need not be seen", () => {
  const shown = [message(3, { sender: alice }), message(4, { deleted: true }), message(5)];
  assert.deepEqual(unseenIds(room(shown, { unread: told })), [5]);
  assert.deepEqual(unseenIds(room(shown, { unread: told, blocked: [2] })), []);
});

test("what comes at the end waits for the next look, and gets the line where nobody sees it", () => {
  const state = after(room(messages(1, 2)), message(3));
  assert.deepEqual([unseenIds(state), state.newId], [[3], null]);
  assert.equal(allSeen(after(state, seen(3))), true);
  const hidden = after(room(messages(1, 2)), away, message(3), message(4), back);
  assert.deepEqual([unseenIds(hidden), hidden.newId, unreadCount(hidden)], [[3, 4], 3, 2]);
  const above = after(room(messages(1, 2)), up, message(3), message(4));
  assert.deepEqual([unseenIds(above), above.newId], [[3, 4], 3]);
  assert.equal(hidden.unread.since, message(3).created);
});

test("what came during a long absence is unread, though it was not told", () => {
  const gone = { type: "local.page", where: "newest", messages: messages(70, 80), more: true, seq: 80 };
  const state = after(room(messages(1, 9)), gone);
  assert.deepEqual([unseenIds(state), allSeen(state), state.newId, state.unread.first], [null, false, 70, 10]);
  const all = after(state, { type: "local.page", where: "before", messages: messages(1, 69), more: false });
  assert.equal(unseenIds(all).length, 71);
});

test("read is read: here, and in another tab", () => {
  const state = room(messages(1, 5), { readSeq: 2, newId: 3, unread: told });
  const here = after(state, { type: "local.read", seq: 5 });
  const there = after(state, { type: "unread", room: "lobby", seq: 5, unread: 0, mention: false });
  for (const each of [here, there]) assert.deepEqual([allSeen(each), unreadCount(each), each.unread], [true, 0, null]);
  const next = after(here, away, message(6));
  assert.deepEqual([unreadCount(next), next.newId], [1, 6]);
});

test("what was marked unread counts from there, by the server's count where the page lacks some", () => {
  const marked = after(room(messages(1, 5), { readSeq: 5 }), { type: "local.unread", id: 3 });
  assert.deepEqual([unreadCount(marked), marked.unread.first], [3, 3]);
  const event = { type: "unread", room: "lobby", seq: 9, unread: 9, mention: false, read: 0, first: 1 };
  const elsewhere = after(room(messages(4, 9), { readSeq: 9, more: true }), event, message(10));
  assert.deepEqual([unreadCount(elsewhere), unseenIds(elsewhere)], [10, null]);
});

test("who writes without having seen all keeps the line", () => {
  const state = room(messages(1, 5), { readSeq: 2, newId: 3, unread: told });
  const say = { type: "local.say", id: "u1", message: "yes" };
  assert.equal(after(state, say).newId, 3);
  assert.equal(after(state, seen(5), say).newId, null);
});
