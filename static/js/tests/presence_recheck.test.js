// How often the page asks again whether somebody is here.

import assert from "node:assert/strict";
import test from "node:test";

import { createPresenceRecheck, GAP, WAITS } from "../sidebar/presence_recheck.js";

function started(context) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const asked = []; // ms since the start
  const start = Date.now();
  const recheck = createPresenceRecheck(() => asked.push(Date.now() - start));
  return { recheck, asked, pass: (ms) => context.mock.timers.tick(ms) };
}

test("it asks soon, then less and less often, and not for ever", (context) => {
  const { recheck, asked, pass } = started(context);
  recheck.expect("dm-1", true);
  for (let second = 0; second < 120; second += 1) pass(1000);
  let at = 0;
  assert.deepEqual(asked, WAITS.map((wait) => at += wait));
});

test("once the server says what was expected, it asks no more", (context) => {
  const { recheck, asked, pass } = started(context);
  recheck.expect("dm-1", true);
  pass(WAITS[0]);
  recheck.settle("dm-1", false); // not yet connected
  pass(WAITS[1]);
  recheck.settle("dm-1", true);
  pass(120_000);
  assert.equal(asked.length, 2);
});

test("what the server said meanwhile is not asked for", (context) => {
  const { recheck, asked, pass } = started(context);
  recheck.expect("dm-1", false);
  recheck.settle("dm-1", false);
  pass(120_000);
  assert.deepEqual(asked, []);
});

test("many signs are asked about together, and at most once in some seconds", (context) => {
  const { recheck, asked, pass } = started(context);
  for (let second = 0; second < 60; second += 1) {
    for (let room = 0; room < 20; room += 1) recheck.expect(`dm-${second}-${room}`, true);
    pass(1000);
  }
  assert.equal(asked[0], WAITS[0]);
  assert.ok(asked.length > 5 && asked.length <= 60_000 / GAP + 1, `${asked}`);
});

test("a sign of the contrary counts anew", (context) => {
  const { recheck, asked, pass } = started(context);
  recheck.expect("dm-1", true);
  pass(WAITS[0]);
  recheck.expect("dm-1", false);
  recheck.settle("dm-1", true);
  pass(GAP);
  assert.equal(asked.length, 2);
  recheck.settle("dm-1", false);
  pass(120_000);
  assert.equal(asked.length, 2);
});
