import assert from "node:assert/strict";
import test from "node:test";

import { makeLookup } from "../lib/lookup.js";

function asked(answer = async (text) => text.toUpperCase()) {
  const questions = [];
  return { questions, lookup: makeLookup((text, signal) => (questions.push(text), answer(text, signal)), 5) };
}

/** Like fetch: an answer that never comes, until the request is aborted. */
const hanging = (signals) => (_text, signal) => {
  signals.push(signal);
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
};

async function until(holds) {
  while (!holds()) await new Promise((done) => setTimeout(done, 1));
}

test("of what is typed quickly only the last is asked for", async () => {
  const { questions, lookup } = asked();
  assert.deepEqual(await Promise.all(["d", "da", "dan"].map(lookup.want)), [null, null, "DAN"]);
  assert.deepEqual(questions, ["dan"]);
});

test("what is known, or on its way, is not asked for again", async () => {
  const { questions, lookup } = asked();
  assert.deepEqual(await Promise.all([lookup.want("da"), lookup.want("da")]), ["DA", "DA"]);
  assert.equal(lookup.get("da"), "DA");
  await lookup.want("dan");
  assert.equal(await lookup.want("da"), "DA");
  assert.deepEqual(questions, ["da", "dan"]);
});

test("a request whose answer nobody waits for any more is aborted", async () => {
  const signals = [];
  const { lookup } = asked(hanging(signals));
  const first = lookup.want("da");
  await until(() => signals.length === 1);
  lookup.want("dan");
  assert.equal(signals[0].aborted, true);
  assert.equal(await first, null);
  assert.equal(lookup.get("da"), null);
  lookup.want("").catch(() => {}); // ends what is still asked for
});

test("a question that fails is no answer, and can be asked again", async () => {
  let fails = true;
  const { lookup } = asked(async () => {
    if (fails) throw new Error("away");
    return "there";
  });
  assert.equal(await lookup.want("da"), null);
  fails = false;
  assert.equal(await lookup.want("da"), "there");
});

test("after a minute it is asked for again", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const { questions, lookup } = asked();
  await lookup.want("da");
  t.mock.timers.tick(61_000);
  assert.equal(await lookup.want("da"), "DA");
  assert.deepEqual(questions, ["da", "da"]);
});
