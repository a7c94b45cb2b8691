import assert from "node:assert/strict";
import test from "node:test";

import { renew } from "../files/renewing.js";

function player(currentTime, paused) {
  const target = new EventTarget();
  const calls = [];
  return Object.assign(target, {
    currentTime,
    paused,
    calls,
    load: () => (calls.push("load"), target.currentTime = 0, target.dispatchEvent(new Event("loadedmetadata"))),
    play: () => (calls.push("play"), Promise.resolve()),
  });
}

test("what stopped within goes on where it was, once in a while", () => {
  const playing = player(75, false);
  assert.ok(renew(playing, 1000));
  assert.deepEqual([playing.currentTime, playing.calls.join()], [75, "load,play"]);
  assert.ok(!renew(playing, 2000));
  assert.ok(renew(playing, 40_000));
  const paused = player(5, true);
  assert.ok(renew(paused, 1000));
  assert.deepEqual([paused.currentTime, paused.calls.join()], [5, "load"]);
});

test("what never began is not asked for again", () => {
  const broken = player(0, true);
  assert.ok(!renew(broken, 1000));
  assert.deepEqual(broken.calls, []);
});
