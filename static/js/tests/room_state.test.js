import assert from "node:assert/strict";
import test from "node:test";

import { MAX_MESSAGES } from "../state/shown_messages.js";
import { after, alice, bob, message, messages, room, texts, welcome } from "./make.js";

test("a message is added at the end, and the number moves on", () => {
  const state = after(room(messages(1, 2)), message(3));
  assert.deepEqual(state.ids, [1, 2, 3]);
  assert.equal(state.seq, 3);
});

test("a change of a message replaces it where it stands", () => {
  const state = after(room(messages(1, 3)), message(2, { seq: 4, message: "changed" }));
  assert.deepEqual(texts(state), ["text 1", "changed", "text 3"]);
});

test("the same message twice is there once", () => {
  const state = after(room(messages(1, 2)), message(3), message(3));
  assert.deepEqual(state.ids, [1, 2, 3]);
  assert.equal(state.repairs, 0);
});

test("an older state never replaces a newer one", () => {
  const state = after(
    room(messages(1, 1)),
    message(1, { seq: 3, message: "new" }),
    message(1, { seq: 2, message: "old" }),
  );
  assert.deepEqual(texts(state), ["new"]);
});

test("a hole in the numbers asks for a repair and waits for it", () => {
  const hole = after(room(messages(1, 2)), message(5));
  assert.equal(hole.repairs, 1);
  assert.equal(hole.seq, 2, "the place to resume from stays");
  const mended = after(hole, message(3), message(4), message(5), { type: "resumed", seq: 5 });
  assert.deepEqual(mended.ids, [1, 2, 3, 4, 5]);
  assert.equal(mended.seq, 5);
  assert.equal(mended.repairs, 1);
});

test("while it catches up, numbers may be left out", () => {
  const state = after(room(messages(1, 2)), welcome(), message(9), { type: "resumed", seq: 12 });
  assert.equal(state.repairs, 0);
  assert.equal(state.seq, 12);
});

test("a head beyond what is known asks for a repair, one that is known does not", () => {
  assert.equal(after(room(messages(1, 2)), { type: "head", seq: 2 }).repairs, 0);
  assert.equal(after(room(messages(1, 2)), { type: "head", seq: 3 }).repairs, 1);
});

test("a reset asks for the timeline, which then replaces everything", () => {
  const asked = after(room(messages(1, 2)), { type: "reset", seq: 900 });
  assert.equal(asked.resets, 1);
  const page = { type: "local.page", where: "newest", messages: messages(890, 900), more: true, seq: 900 };
  const state = after(asked, page, message(901));
  assert.equal(state.ids[0], 890);
  assert.equal(state.seq, 901);
  assert.equal(state.atOldest, false);
  assert.equal(state.repairs, 0);
});

test("people come and go", () => {
  const state = after(room(), { type: "joined", user: bob, online: 2 });
  assert.deepEqual([...state.online.keys()], [1, 2]);
  const gone = after(state, { type: "left", user: bob, online: 1 });
  assert.deepEqual([...gone.online.keys()], [1]);
  assert.equal(gone.onlineCount, 1);
});

test("a stale list stays until a new one comes", () => {
  const state = after(room(), { type: "joined", user: bob, online: 2 }, { type: "online", stale: true });
  assert.deepEqual([[...state.online.keys()], state.onlineCount, state.stale], [[1, 2], 2, true]);
  const again = after(state, { type: "online", online: [alice], count: 1, stale: false });
  assert.deepEqual([[...again.online.keys()], again.onlineCount, again.stale], [[1], 1, false]);
});

test("somebody types until five seconds are over or their message is there; I never do", () => {
  const came = after(room(), { type: "welcome", online: [alice, bob], typing: [alice, bob], now: 1000 });
  assert.deepEqual([...came.typing.keys()], [2]);
  const types = after(room(), { type: "typing", user: bob, now: 1000 }, { type: "typing", user: alice, now: 1000 });
  assert.deepEqual([...types.typing.keys()], [2]);
  assert.equal(after(types, { type: "local.clock", now: 5999 }).typing.size, 1);
  assert.equal(after(types, { type: "local.clock", now: 6000 }).typing.size, 0);
  assert.equal(after(types, message(1, { sender: bob })).typing.size, 0);
});

test("the page never holds more messages than it should while one follows the newest", () => {
  const state = after(room(), ...messages(1, 1000));
  assert.ok(state.ids.length <= MAX_MESSAGES);
  assert.equal(state.messages.size, state.ids.length);
  assert.equal(state.ids.at(-1), 1000);
  assert.equal(state.atOldest, false);
});

test("while one reads further up, the page is cut off from the newest rather than moved, and counts what is missed", () => {
  const reading = after(room(), { type: "local.follow", following: false }, ...messages(1, MAX_MESSAGES + 20));
  assert.equal(reading.ids.at(-1), MAX_MESSAGES);
  assert.equal(reading.atNewest, false);
  assert.equal(reading.missed, 20);
  const caughtUp = after(reading, {
    type: "local.page",
    where: "after",
    messages: messages(MAX_MESSAGES + 1, MAX_MESSAGES + 20),
    more: false,
  });
  assert.equal(caughtUp.atNewest, true);
  assert.equal(caughtUp.missed, 0);
  assert.equal(caughtUp.ids.at(-1), MAX_MESSAGES + 20);
});

test("older pages go in front, and the newest are let go beyond the limit", () => {
  let state = room(messages(1001, 1050), { more: true });
  for (let first = 951; first > 600; first -= 50) {
    state = after(state, { type: "local.page", where: "before", messages: messages(first, first + 49), more: true });
  }
  assert.ok(state.ids.length <= MAX_MESSAGES);
  assert.equal(state.ids[0], 601);
  assert.equal(state.atNewest, false);
  const back = after(state, {
    type: "local.page",
    where: "newest",
    messages: messages(1001, 1050),
    more: true,
    seq: 1050,
  });
  assert.deepEqual([back.ids[0], back.ids.at(-1), back.atNewest], [1001, 1050, true]);
});

test("a change of a message that is not in the page changes nothing that is shown", () => {
  const state = after(room(messages(101, 110), { more: true }), message(5, { seq: 111 }));
  assert.equal(state.ids[0], 101);
  assert.equal(state.seq, 111);
});

test("the list of people comes anew when it was stale, and says so while it is", () => {
  const stale = after(room(), { type: "online", online: [alice, bob], count: 7, stale: true });
  assert.deepEqual([stale.online.size, stale.onlineCount, stale.stale], [2, 7, true]);
  assert.equal(after(stale, { type: "online", online: [alice], count: 1, stale: false }).stale, false);
});

test("an overload that ended while I was away is over; one that lasts is told again", () => {
  const loaded = after(room(), { type: "broadcast", level: "overload", message: "Server overloaded" });
  assert.equal(after(loaded, welcome()).overload.server, null);
  const still = { type: "broadcast", level: "overload", message: "Still" };
  assert.equal(after(loaded, welcome(), still).overload.server, still);
});

test("an overload of the server and one of the room begin and end apart; an announcement is neither", () => {
  const [everywhere, here] = [{}, { room: "lobby" }].map((about) => ({
    type: "broadcast",
    level: "overload",
    message: "Full",
    ...about,
  }));
  const over = { type: "broadcast", level: "normal", message: "Back", room: "lobby" };
  const state = after(room(), everywhere, here, { type: "broadcast", level: "info", message: "Tea" });
  assert.deepEqual(state.overload, { server: everywhere, room: here, over: null });
  assert.deepEqual(after(state, over).overload, { server: everywhere, room: null, over });
  assert.equal(after(state, over, here).overload.over, null);
});

test("unknown events change nothing", () => {
  const state = room();
  assert.equal(after(state, { type: "from the future" }), state);
});

test("applying the events to an old page gives the same as a fresh page", () => {
  const old = room(messages(1, 3));
  const events = [
    message(4),
    message(2, { seq: 5, deleted: true, message: "", html: "" }),
    message(6),
    message(4, { seq: 7, message: "edited" }),
  ];
  const fresh = [message(1), events[1], message(3), events[3], message(6)];
  const state = after(old, ...events);
  assert.deepEqual([...state.messages.values()], fresh);
});

test("a renamed room has another title and the same name", () => {
  const state = room(messages(1, 1));
  const renamed = after(state, { type: "local.renamed", title: "Garden" });
  assert.deepEqual(renamed.room, { ...state.room, title: "Garden" });
  assert.equal(after(renamed, { type: "local.renamed", title: "Garden" }), renamed, "nothing is drawn for the same");
});

test("what I mark unread stays unread until I write, and another tab's reading of the rest does not end that", () => {
  const before = room(messages(1, 5), { readSeq: 5 });
  const marked = after(before, { type: "local.unread", id: 3 });
  assert.deepEqual([marked.newId, marked.keptUnread], [3, true]);
  const told = after(marked, { type: "unread", room: "lobby", seq: 5, unread: 3, mention: false, read: 2, first: 3 });
  assert.deepEqual([told.readSeq, told.leftSeq, told.newId, told.keptUnread], [2, 2, 3, true]);
  const seen = after(told, { type: "local.seen", id: 5 });
  const written = after(seen, { type: "local.say", id: "x", message: "hi", created: "2026-11-20T10:00:00.000Z" });
  assert.deepEqual([written.newId, written.keptUnread], [null, false]);
  const elsewhere = after(told, { type: "unread", room: "lobby", seq: 5, unread: 0, mention: false });
  assert.deepEqual([elsewhere.readSeq, elsewhere.keptUnread], [5, false]);
});

test("a message that this page does not show is marked unread in another tab", () => {
  const event = { type: "unread", room: "lobby", seq: 9, unread: 9, mention: false, read: 0, first: 1 };
  assert.equal(after(room(messages(4, 9), { readSeq: 9 }), event).newId, 4);
  assert.equal(after(room(messages(4, 9), { readSeq: 9 }), { ...event, room: "kitchen" }).newId, null);
});
