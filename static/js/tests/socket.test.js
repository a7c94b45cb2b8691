// What is missing is asked for; when that is refused, the page comes back for it.

import assert from "node:assert/strict";
import { test } from "node:test";

const lines = [];

class Line {
  static OPEN = 1;
  readyState = 1;
  sent = [];

  constructor(address) {
    this.address = address;
    lines.push(this);
  }

  send(frame) {
    this.sent.push(JSON.parse(frame));
  }

  say(...events) {
    this.onmessage({ data: JSON.stringify(events) });
  }

  close() {
    this.readyState = 3;
  }
}

const welcome = { type: "welcome", room: "lobby", seq: 5, you: {}, online: [], count: 0, typing: [], streaming: [] };
globalThis.location = { protocol: "http:", host: "here" };
globalThis.document = new EventTarget();
globalThis.addEventListener = () => {};
globalThis.requestAnimationFrame = () => {}; // nothing is drawn
globalThis.WebSocket = Line;
const { hear, tell } = await import("../bus.js");
const { makeStore } = await import("../store.js");
const { initial, reduce } = await import("../room_state.js");
const { startSocket } = await import("../socket.js");

/** A page with a document of its own, connected. comeBack() gives the line after this one, once that is lost. */
function connected(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = new EventTarget();
  const toasts = [];
  hear("toast", ({ key }) => toasts.push(key));
  startSocket(makeStore(reduce, initial({ me: { id: 1, name: "alice" }, room: { name: "lobby" }, seq: 5 })));
  lines.at(-1).say(welcome, { type: "resumed", seq: 5 });
  const comeBack = () => {
    context.mock.timers.tick(60_000);
    lines.at(-1).say(welcome);
    return lines.at(-1);
  };
  return { line: lines.at(-1), toasts, comeBack, order: (type, id) => tell("command", { type, id, fields: { message_id: 7 } }) };
}

const ids = ({ sent }) => sent.map(({ id }) => id);

test("a refused resume ends the connection, and the next one asks for the same", (context) => {
  const { line: first } = connected(context);
  first.say({ type: "head", seq: 7 });
  const [asked] = first.sent;
  assert.equal(asked.type, "resume");
  assert.equal(asked.since, 5);

  first.say({ type: "error", code: "unavailable", id: "another" });
  assert.equal(first.readyState, 1);
  first.say({ type: "error", code: "unavailable", id: asked.id });
  assert.equal(first.readyState, 3);

  context.mock.timers.tick(60_000);
  assert.match(lines.at(-1).address, /since=5$/);
});

test("what was not answered when the line broke is said again with the same id, in order", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  for (const [type, id] of [["edit", "a"], ["react", "b"], ["unreact", "c"], ["delete", "d"]]) order(type, id);
  line.say({ type: "ack", id: "b", message_id: 7, seq: 6 }, { type: "error", id: "c", code: "forbidden", message: "No." });
  line.onclose({ code: 1006, reason: "" });
  const next = comeBack();
  assert.deepEqual(ids(next), ["a", "d"]);
  next.say({ type: "ack", id: "a", message_id: 7, seq: 6 }, { type: "ack", id: "d", message_id: 7, seq: 7 });
  next.onclose({ code: 1006, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [[], []]);
});

test("an edit into a line that is just closing goes out on the next", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  line.readyState = 2;
  order("edit", "a");
  line.onclose({ code: 1006, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [["a"], []]);
});

test("a bot is not asked twice: who asked is told that it may not have been heard", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  order("retry", "a");
  order("read", "b");
  line.onclose({ code: 1006, reason: "" });
  assert.deepEqual(toasts, ["notConnected"]);
  assert.deepEqual(ids(comeBack()), []);
});

test("what waits when the connection ends for good is told, and only so much is kept", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  for (let at = 1; at <= 60; at += 1) order("react", `r${at}`);
  line.onclose({ code: 1006, reason: "" });
  const next = comeBack();
  assert.deepEqual([next.sent.length, next.sent.at(-1).id], [50, "r60"]);
  next.onclose({ code: 4003, reason: "" });
  assert.deepEqual(toasts, ["notConnected"]);
});

test("what was too large for the line is not said again", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  order("edit", "a");
  line.onclose({ code: 1009, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [[], ["notConnected"]]);
});
