import assert from "node:assert/strict";
import test from "node:test";

import { alice, message, room } from "./make.js";

// What the outbox needs of a browser: a document to hear on, a place to keep things.
globalThis.document = Object.assign(new EventTarget(), { getElementById: () => null, documentElement: { lang: "en" } });
globalThis.requestAnimationFrame = () => {};
const stored = new Map();
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
  removeItem: (key) => stored.delete(key),
};
const { emit } = await import("../core/bus.js");
const { startOutbox } = await import("../core/outbox.js");
const { reduce } = await import("../state/room_state.js");
const { makeStore } = await import("../core/store.js");

/** A page with a connection that keeps what is sent; a name of its own, because all tests share one document. */
function page(t, name, state = room()) {
  const sent = [];
  const store = makeStore(reduce, { ...state, room: { name } });
  const connection = { up: true, send: (type, fields, id) => connection.up && sent.push({ type, id, ...fields }) > 0 };
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  globalThis.document = Object.assign(new EventTarget(), { getElementById: () => null });
  startOutbox(store, connection);
  const receive = (event) => {
    store.dispatch({ ...event, now: Date.now() });
    emit(`wire-${event.type}`, event);
  };
  const phase = (name) => store.dispatch({ type: "local.connection", connection: { phase: name } });
  return { store, sent, connection, receive, phase, say: (text) => emit("say", { message: text, replyTo: null }) };
}

const ack = ({ id }, number) => ({ type: "ack", id, message_id: number, seq: number });
const words = (frames) => frames.map((frame) => frame.message);

test("one after the other, the next when the last is confirmed", (t) => {
  const { sent, say, receive, store } = page(t, "order");
  ["one", "two", "three"].forEach(say);
  assert.deepEqual(words(sent), ["one"]);
  receive(ack(sent[0], 1));
  receive(ack(sent[1], 2));
  assert.deepEqual(words(sent), ["one", "two", "three"]);
  assert.deepEqual(store.state.pending.map(({ status }) => status), ["sent", "sent", "sending"]);
});

test("what was under way when the line broke goes out again with the same id", (t) => {
  const { sent, say, phase, connection } = page(t, "again");
  say("one");
  connection.up = false;
  phase("away");
  say("two");
  connection.up = true;
  phase("live");
  assert.deepEqual(words(sent), ["one", "one"]);
  assert.equal(sent[0].id, sent[1].id);
});

test("a message that arrives while its confirmation is lost is not sent again", (t) => {
  const { sent, say, receive, phase } = page(t, "lost-ack");
  say("one");
  phase("away");
  receive(message(1, { sender: alice, client_id: sent[0].id }));
  phase("live");
  assert.deepEqual(words(sent), ["one"]);
});

test("too fast: it waits as long as it is told, and keeps the order", (t) => {
  const { sent, say, receive } = page(t, "fast");
  ["one", "two"].forEach(say);
  receive({ type: "error", id: sent[0].id, code: "rate_limited", message: "Wait.", retry_after: 3 });
  assert.deepEqual(words(sent), ["one"]);
  t.mock.timers.tick(2900);
  assert.deepEqual(words(sent), ["one"]);
  t.mock.timers.tick(200);
  assert.deepEqual(words(sent), ["one", "one"]);
  receive(ack(sent[1], 1));
  assert.deepEqual(words(sent), ["one", "one", "two"]);
});

test("one that is refused does not hold up the others", (t) => {
  const { sent, say, receive, store } = page(t, "refused");
  ["bad", "good"].forEach(say);
  receive({ type: "error", id: sent[0].id, code: "invalid", message: "No." });
  assert.deepEqual(words(sent), ["bad", "good"]);
  assert.equal(store.state.pending[0].status, "failed");
  emit("say-again", { id: sent[0].id });
  receive(ack(sent[1], 2));
  assert.deepEqual(words(sent), ["bad", "good", "bad"]);
});

test("what waits outlives the page, and nothing is kept of what is there", (t) => {
  const before = page(t, "reload");
  before.connection.up = false;
  before.phase("away");
  ["one", "two"].forEach(before.say);
  t.mock.timers.reset();
  const after = page(t, "reload");
  assert.deepEqual(words(after.sent), ["one"]);
  assert.equal(after.store.state.pending[0].id, before.store.state.pending[0].id);
  after.receive(ack(after.sent[0], 1));
  after.receive(ack(after.sent[1], 2));
  t.mock.timers.reset();
  assert.deepEqual(page(t, "reload").sent, []);
});

/** A page without a connection. */
function cutOff(t, name) {
  t.mock.timers.reset();
  const made = page(t, name);
  made.connection.up = false;
  return made;
}

test("what one page of a room has not sent, another of it leaves alone", (t) => {
  const [one, two] = [cutOff(t, "two"), cutOff(t, "two")];
  one.store.dispatch({ type: "local.say", id: "u1", message: "from the first" });
  two.store.dispatch({ type: "local.say", id: "u2", message: "from the second" });
  assert.deepEqual(cutOff(t, "two").store.state.pending.map(({ id }) => id), ["u1", "u2"]);
  one.store.dispatch({ type: "local.discard", id: "u1" });
  assert.deepEqual(cutOff(t, "two").store.state.pending.map(({ id }) => id), ["u2"]);
});

test("after a reload what was refused still waits for a decision, and what is new is still marked", (t) => {
  const before = page(t, "restored");
  before.say("bad");
  before.receive({
    type: "error",
    id: before.sent[0].id,
    code: "forbidden",
    reason: "room_archived",
    message: "Archived.",
  });
  t.mock.timers.reset();
  const { sent, store } = page(t, "restored", { ...room(), newId: 4 });
  assert.deepEqual([sent, store.state.newId], [[], 4]);
  assert.deepEqual(store.state.pending.map(({ status, error }) => [status, error.reason]), [[
    "failed",
    "room_archived",
  ]]);
  emit("say-again", { id: store.state.pending[0].id });
  assert.deepEqual(words(sent), ["bad"]);
});

test("what is in the page already is not said again after a reload", (t) => {
  const before = page(t, "there");
  before.say("one");
  t.mock.timers.reset();
  const { sent, store } = page(t, "there", room([message(1, { sender: alice, client_id: before.sent[0].id })]));
  assert.deepEqual([sent, store.state.pending], [[], []]);
  t.mock.timers.reset();
  assert.deepEqual(page(t, "there").store.state.pending, [], "and is forgotten");
});
