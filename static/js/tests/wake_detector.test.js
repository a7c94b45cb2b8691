// A line that died while nothing could be heard: the page asks as soon as it wakes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { connected, happens, lines, welcome } from "./line.js";

const HOUR = 3_600_000;

/** A page whose line has said nothing for a minute, as after a sleep in which no timer ran. */
function asleep(context, quiet = 60_000) {
  const page = connected(context, ["setTimeout", "Date"]);
  context.mock.timers.setTime(Date.now() + quiet);
  const tick = (ms) => {
    for (let left = ms; left > 0; left -= 100) context.mock.timers.tick(100); // in one step, the clock would jump
  };
  return { ...page, tick, phase: () => page.store.state.connection.phase };
}

const questions = ({ sent }) => sent.filter(({ type }) => type === "resume").length;

for (
  const [sign, wake] of [
    ["it is looked at", () => document.dispatchEvent(new Event("visibilitychange"))],
    ["it has the focus", () => happens("focus")],
    ["there is a network again", () => happens("online")],
    ["it is thawed", () => document.dispatchEvent(new Event("resume"))],
  ]
) {
  test(`when ${sign}, a line that is dead is found out within seconds, and another opened`, (context) => {
    const { line, tick, phase } = asleep(context);
    const before = lines.length;
    wake();
    assert.equal(questions(line), 1);
    assert.match(JSON.stringify(line.sent.at(-1)), /"since":5/);
    tick(4000);
    assert.deepEqual([line.readyState, phase()], [3, "away"]);
    tick(700);
    assert.equal(lines.length, before + 1);
    lines.at(-1).say(welcome);
    assert.equal(phase(), "live");
  });

  test(`when ${sign}, a line that answers is kept`, (context) => {
    const { line, tick, phase } = asleep(context);
    wake();
    line.say({ type: "resumed", seq: 5 });
    tick(30_000);
    assert.deepEqual([line.readyState, phase(), questions(line)], [1, "live", 1]);
  });
}

test("a jump of the clock is a sign too", (context) => {
  const { line, tick } = asleep(context, HOUR);
  tick(5000);
  assert.equal(questions(line), 1);
  tick(4000);
  assert.equal(line.readyState, 3);
});

test("several signs ask once, and a line that spoke a moment ago is not asked", (context) => {
  const { line } = asleep(context);
  for (const name of ["focus", "online", "focus"]) happens(name);
  assert.equal(questions(line), 1);
  line.say({ type: "resumed", seq: 5 });
  happens("focus");
  assert.equal(questions(line), 1);
});

test("a line that spoke a moment before the page woke is asked when it goes on saying nothing", (context) => {
  const { line, tick } = asleep(context, 1000);
  happens("online");
  assert.equal(questions(line), 0);
  tick(5000);
  assert.equal(questions(line), 1);
  tick(4000);
  assert.equal(line.readyState, 3);
});

test("a line that speaks after the page woke is not asked", (context) => {
  const { line, tick } = asleep(context, 1000);
  happens("online");
  tick(2000);
  line.say({ type: "typing", user: { id: 9, name: "z" } });
  tick(10_000);
  assert.equal(questions(line), 0);
});

test("a line that is being opened for long is given up, one that was just begun is not", (context) => {
  const { line, tick } = asleep(context);
  line.onclose({ code: 1006, reason: "" });
  tick(700);
  const [next, count] = [lines.at(-1), lines.length];
  happens("focus");
  tick(10_000);
  assert.deepEqual([next.readyState, lines.length], [1, count]);
  context.mock.timers.setTime(Date.now() + HOUR);
  happens("focus");
  assert.equal(next.readyState, 3);
});

test("while all is well, nobody asks", (context) => {
  const { line, tick } = asleep(context, 0);
  for (let seconds = 0; seconds < 120; seconds += 20) {
    tick(20_000);
    line.say({ type: "head", seq: 5 });
  }
  assert.deepEqual([questions(line), line.readyState], [0, 1]);
});
