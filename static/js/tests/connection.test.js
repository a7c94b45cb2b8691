// The page's one connection: rooms come and go on it, and it works without any.

import assert from "node:assert/strict";
import { test } from "node:test";

import { connected, happens, lines, welcome } from "./line.js";

const { on } = await import("../core/bus.js");

/** A page with the lobby open, and a way to open further rooms that keep what they are told. */
function page(context, apis) {
  const found = connected(context, apis);
  const opened = (name, since = 0) => {
    const told = { events: [], account: [], phases: [], closed: 0 };
    const place = found.connection.open(name, {
      since: () => since,
      receive: (events) => told.events.push(...events),
      hear: (event) => told.account.push(event),
      changed: ({ phase }) => told.phases.push(phase),
      closed: () => (told.closed += 1),
      doubt: () => {},
    });
    return Object.assign(told, { place });
  };
  return { ...found, opened, inRoom: (room, ...events) => found.line.bring({ room, events }) };
}

const types = (events) => events.map(({ type }) => type);
const head = { type: "head", seq: 5 };

test("a second room is entered over the same line, and each hears its own", (context) => {
  const { line, store, opened, inRoom } = page(context);
  const before = lines.length;
  const tea = opened("tea", 7);
  assert.deepEqual([line.rooms.at(-1).type, line.rooms.at(-1).room, line.rooms.at(-1).since], ["subscribe", "tea", 7]);
  inRoom("tea", { ...welcome, room: "tea" }, head);
  inRoom("lobby", { type: "typing", user: { id: 9, name: "z" } });
  assert.deepEqual([types(tea.events), tea.phases], [["welcome", "head"], ["live"]]);
  assert.equal(store.state.typing.size, 1);
  assert.equal(lines.length, before);
});

test("a command names its room, and the answer comes to who gave it", (context) => {
  const { line, opened, inRoom } = page(context);
  const tea = opened("tea");
  assert.equal(tea.place.send("read", { seq: 1 }, "early"), false);
  inRoom("tea", { ...welcome, room: "tea" });
  assert.equal(tea.place.send("read", { seq: 1 }, "a"), true);
  assert.deepEqual(line.sent.at(-1), { type: "read", id: "a", room: "tea", seq: 1 });
  line.bring({ type: "ack", id: "a", seq: 1 });
  assert.deepEqual(types(tea.events), ["welcome", "ack"]);
});

test("what concerns the account is heard by each room, and said once to the page", (context) => {
  const { line, store, opened } = page(context);
  const tea = opened("tea");
  const said = [];
  on("wire-blocks", ({ blocked }) => said.push(blocked));
  line.bring({ type: "blocks", blocked: [4] });
  assert.deepEqual([[...store.state.blocked], types(tea.account), said], [[4], ["blocks"], [[4]]]);
});

test("a room that is closed is left, and says nothing any more", (context) => {
  const { line, opened, inRoom } = page(context);
  const tea = opened("tea");
  inRoom("tea", { ...welcome, room: "tea" });
  tea.place.close();
  assert.deepEqual([line.rooms.at(-1).type, line.rooms.at(-1).room], ["unsubscribe", "tea"]);
  inRoom("tea", head);
  assert.deepEqual([types(tea.events), tea.place.send("read", { seq: 1 }, "a")], [["welcome"], false]);
});

test("the same room opened again is left first, so that it is not entered twice", (context) => {
  const { line, opened } = page(context);
  opened("tea");
  opened("tea", 3);
  assert.deepEqual(line.rooms.slice(-3).map(({ type }) => type), ["subscribe", "unsubscribe", "subscribe"]);
});

test("who is removed from one room stays in the others", (context) => {
  const { line, store, opened, inRoom } = page(context);
  const tea = opened("tea");
  inRoom("tea", { ...welcome, room: "tea" });
  line.bring({ type: "unsubscribed", room: "tea", code: 4003, reason: "not_in_room" });
  assert.deepEqual([tea.phases.at(-1), store.state.connection.phase, line.readyState], ["removed", "live", 1]);
  line.onclose({ code: 1012, reason: "" });
  context.mock.timers.tick(60_000);
  lines.at(-1).greet();
  assert.deepEqual(lines.at(-1).rooms.map(({ room }) => room), ["lobby"]);
  assert.equal(tea.phases.at(-1), "removed");
});

test("a room that is none is said, and one that cannot be entered now is tried again", (context) => {
  const { line, opened } = page(context);
  const [none, later] = [opened("none"), opened("later")];
  const [first, second] = line.rooms.slice(-2);
  line.bring({ type: "error", id: first.id, code: "not_found", reason: "no_such_room" });
  line.bring({ type: "error", id: second.id, code: "rate_limited", retry_after: 3 });
  assert.deepEqual([none.phases, later.phases], [["missing"], ["away"]]);
  context.mock.timers.tick(2_900);
  assert.equal(line.rooms.at(-1), second);
  context.mock.timers.tick(200);
  assert.equal(line.rooms.at(-1).room, "later");
  line.bring({ room: "later", events: [{ ...welcome, room: "later" }] });
  assert.equal(later.phases.at(-1), "live");
});

test("after a loss each room is entered again from where it was", (context) => {
  const { line, store, opened, inRoom } = page(context);
  const tea = opened("tea", 9);
  inRoom("tea", { ...welcome, room: "tea" });
  line.onclose({ code: 1006, reason: "" });
  assert.deepEqual([tea.phases.at(-1), tea.closed, store.state.connection.phase], ["away", 1, "away"]);
  context.mock.timers.tick(60_000);
  lines.at(-1).greet();
  assert.deepEqual(lines.at(-1).rooms.map(({ room, since }) => [room, since]), [["lobby", 5], ["tea", 9]]);
});

test("a page without a room connects, is asked whether it lives, and never goes to a room's address", (context) => {
  const { room, line } = page(context, ["setTimeout", "Date"]);
  room.stop();
  context.mock.timers.setTime(Date.now() + 60_000);
  happens("focus");
  assert.equal(line.sent.at(-1).type, "ping");
  line.bring({ type: "ack", id: line.sent.at(-1).id });
  for (let turn = 0; turn < 3; turn += 1) {
    lines.at(-1).onclose({ code: 1006, reason: "" });
    context.mock.timers.tick(60_000);
    assert.match(lines.at(-1).address, /\/ws\/page\/$/);
  }
});

test("who moves to another room at a server of before comes to its address", (context) => {
  const { line, connection, room } = connected(context);
  line.onclose({ code: 1006, reason: "" });
  context.mock.timers.tick(60_000);
  lines.at(-1).onclose({ code: 1006, reason: "" }); // the server is an old one now
  context.mock.timers.tick(60_000);
  assert.match(lines.at(-1).address, /\/ws\/chat\/lobby\/\?since=5$/);
  lines.at(-1).say(welcome);
  room.stop();
  const phases = [];
  const ignore = () => {};
  connection.open("tea", {
    since: () => 2,
    receive: ignore,
    hear: ignore,
    closed: ignore,
    doubt: ignore,
    changed: ({ phase }) => phases.push(phase),
  });
  for (let turn = 0; turn < 2; turn += 1) {
    context.mock.timers.tick(60_000);
    if (lines.at(-1).isPage) lines.at(-1).onclose({ code: 1006, reason: "" });
  }
  assert.match(lines.at(-1).address, /\/ws\/chat\/tea\/\?since=2$/);
  lines.at(-1).bring({ ...welcome, room: "tea" });
  assert.equal(phases.at(-1), "live");
});
