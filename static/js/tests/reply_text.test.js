import assert from "node:assert/strict";
import test from "node:test";

import { codePoints, withDelta } from "../state/reply_text.js";
import { after, message, robot, room, welcome } from "./make.js";

const reply = (fields = {}) =>
  message(1, { kind: "bot", sender: robot, state: "streaming", message: "", html: "", ...fields });
const delta = (at, text) => ({ type: "delta", id: 1, at, text });
const textOf = (state) => state.messages.get(1).message;

test("pieces go in one after the other, counted in code points", () => {
  const state = after(room([reply()]), delta(0, "a👍🏽"), delta(3, "é"), delta(4, "日本"));
  assert.equal(textOf(state), "a👍🏽é日本");
  assert.equal(state.messages.get(1).length, 6);
  assert.equal(state.repairs, 0);
});

test("a piece that is there already changes nothing", () => {
  assert.equal(textOf(after(room([reply()]), delta(0, "one "), delta(4, "two"), delta(0, "one "))), "one two");
});

test("a piece beyond the end asks for a repair and is not shown", () => {
  const state = after(room([reply()]), delta(0, "one"), delta(10, "later"));
  assert.equal(textOf(state), "one");
  assert.equal(state.repairs, 1);
});

test("a reply that is begun anew gives way from where it differs", () => {
  assert.equal(textOf(after(room([reply()]), delta(0, "first try"), delta(0, "Second"))), "Second");
});

test("a saved text that lags behind does not shorten what is on the screen", () => {
  const state = after(
    room([reply()]),
    delta(0, "one two three"),
    reply({ seq: 2, message: "one two", reactions: [{ emoji: "👍", users: [2] }] }),
    delta(13, " four"),
  );
  assert.equal(textOf(state), "one two three four");
  assert.equal(state.messages.get(1).reactions.length, 1);
});

test("the text so far comes with the welcome, and pieces go on from there", () => {
  const state = after(
    room([reply({ message: "so" })]),
    welcome({ streaming: [{ id: 1, text: "so far 👀" }] }),
    delta(8, " and on"),
  );
  assert.equal(textOf(state), "so far 👀 and on");
});

test("the finished message replaces what streamed", () => {
  const state = after(
    room([reply()]),
    delta(0, "**bold"),
    message(1, { seq: 2, kind: "bot", sender: robot, message: "**bold**", html: "<p><strong>bold</strong></p>" }),
  );
  assert.equal(textOf(state), "**bold**");
  assert.equal(state.messages.get(1).state, "complete");
});

test("a waiting reply has a place in the line until it begins", () => {
  const waiting = after(room([reply({ state: "queued" })]), { type: "queue", id: 1, position: 2 });
  assert.equal(waiting.places.get(1), 2);
  assert.equal(after(waiting, delta(0, "x")).places.size, 0);
});

test("what the bot does is known until its first word", () => {
  const progress = { type: "progress", id: 1, doing: "reading", seconds: 3, tokens: 5400 };
  const reading = after(room([reply()]), progress);
  assert.deepEqual(reading.progress.get(1), { doing: "reading", seconds: 3, tokens: 5400 });
  assert.equal(after(reading, delta(0, "x")).progress.size, 0);
  assert.equal(after(reading, message(1, { seq: 2, kind: "bot", sender: robot, state: "failed" })).progress.size, 0);
  assert.equal(after(reading, reply({ seq: 2 })).progress.size, 1);
});

test("code points, not units", () => {
  assert.equal(codePoints("👍"), 1);
  assert.equal(withDelta({ message: "👍" }, 2, "x"), null);
  assert.equal(withDelta({ message: "👍" }, 1, "x").message, "👍x");
});

test("a piece that comes late opens no finished reply again", () => {
  for (const state of ["complete", "stopped", "failed"]) {
    const done = room([reply({ state, message: "one" })]);
    assert.equal(after(done, delta(3, " two"), delta(9, "far")), done);
  }
});

const rendered = (start, end, html = `<p>${start}</p>`) => ({ type: "rendered", id: 1, start, end, html });
const partsOf = (state) => (state.messages.get(1).parts ?? []).map(({ from, to }) => [from, to]);

test("finished blocks are kept by where they stand, in UTF-16 units", () => {
  const state = after(room([reply()]), delta(0, "a👍\n\nb\n\nc"), rendered(0, 4), rendered(4, 7));
  assert.deepEqual(partsOf(state), [[0, 5], [5, 8]]);
  assert.deepEqual(partsOf(after(room([reply()]), delta(0, "ab\n\nc"), rendered(0, 4))), [[0, 4]]);
});

test("a block takes the place of those that it overlaps", () => {
  const state = after(room([reply()]), delta(0, "abcdefgh"), rendered(4, 6), rendered(0, 2), rendered(1, 5));
  assert.deepEqual(partsOf(state), [[1, 5]]);
});

test("a block of what has not come, or of nothing, is left out", () => {
  const before = after(room([reply()]), delta(0, "abc"));
  for (const event of [rendered(0, 4), rendered(2, 2), { ...rendered(0, 2), id: 9 }]) {
    assert.equal(after(before, event), before);
  }
});

test("blocks go with the text that they are of", () => {
  const state = after(room([reply()]), delta(0, "abcdef"), rendered(0, 2), rendered(2, 4));
  assert.deepEqual(partsOf(after(state, delta(6, "gh"))), [[0, 2], [2, 4]]);
  assert.deepEqual(partsOf(after(state, delta(3, "XYZ"))), [[0, 2]]);
  assert.deepEqual(partsOf(after(state, reply({ seq: 2, message: "abcdefgh" }))), [[0, 2], [2, 4]]);
  assert.deepEqual(partsOf(after(state, reply({ seq: 2, message: "abXd" }))), [[0, 2]]);
  assert.deepEqual(partsOf(after(state, reply({ seq: 2, message: "abcdef", state: "complete" }))), []);
});

test("thoughts are put together, and go when the bot is asked again", () => {
  const thought = (at, text, seconds) => ({ type: "thought", id: 1, at, text, seconds });
  const state = after(room([reply()]), thought(0, "First 👍", 2), thought(7, ", then", 4), delta(0, "An answer"));
  assert.deepEqual(state.thoughts.get(1), { text: "First 👍, then", seconds: 4 });
  assert.deepEqual(after(room([reply()]), thought(9, "late", 4)).thoughts.get(1), { text: "… late", seconds: 4 });
  assert.equal(after(state, reply({ seq: 2, message: "x", state: "complete" })).thoughts.size, 1);
  assert.equal(after(state, reply({ seq: 2, message: "x", state: "queued" })).thoughts.size, 0);
  assert.equal(after(room([reply({ state: "stopped" })]), thought(0, "late", 4)).thoughts.size, 0);
});
