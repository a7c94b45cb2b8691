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

test("a refused resume ends the connection, and the next one asks for the same", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.location = { protocol: "http:", host: "here" };
  globalThis.document = new EventTarget();
  globalThis.addEventListener = () => {};
  globalThis.requestAnimationFrame = () => {}; // nothing is drawn
  globalThis.WebSocket = Line;
  const { makeStore } = await import("../store.js");
  const { initial, reduce } = await import("../room_state.js");
  const { startSocket } = await import("../socket.js");
  const store = makeStore(reduce, initial({ me: { id: 1, name: "alice" }, room: { name: "lobby" }, seq: 5 }));
  startSocket(store);

  const [first] = lines;
  first.say({ type: "welcome", room: "lobby", seq: 5, you: {}, online: [], count: 0, typing: [], streaming: [] });
  first.say({ type: "resumed", seq: 5 });
  first.say({ type: "head", seq: 7 });
  const [asked] = first.sent;
  assert.equal(asked.type, "resume");
  assert.equal(asked.since, 5);

  first.say({ type: "error", code: "unavailable", id: "another" });
  assert.equal(first.readyState, 1);
  first.say({ type: "error", code: "unavailable", id: asked.id });
  assert.equal(first.readyState, 3);

  context.mock.timers.tick(60_000);
  assert.match(lines[1].address, /since=5$/);
  context.mock.timers.reset();
});
