import assert from "node:assert/strict";
import test from "node:test";

// The store needs two things of a browser: frames, and a document to tell views through.
const frames = [];
globalThis.requestAnimationFrame = (frame) => frames.push(frame);
globalThis.document = new EventTarget();
const { makeStore } = await import("../core/store.js");
const { on } = await import("../core/bus.js");

test("effects hear of each change at once, views of all together once a frame", () => {
  const store = makeStore((state, { add }) => state + add, 0);
  const effects = [];
  const shown = [];
  store.affect((state, before) => effects.push([before, state]));
  on("state", ({ state, before }) => shown.push([before, state]));
  store.dispatch({ add: 1 }, { add: 1 });
  store.dispatch({ add: 1 });
  store.dispatch({ add: 0 });
  assert.deepEqual(effects, [[0, 2], [2, 3]]);
  assert.deepEqual(shown, []);
  frames.splice(0).forEach((frame) => frame());
  assert.deepEqual(shown, [[0, 3]]);
});
