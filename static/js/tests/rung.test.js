import assert from "node:assert/strict";
import test from "node:test";

test("a database that never answers keeps no push from being shown", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.indexedDB = { open: () => ({}) };
  context.after(() => delete globalThis.indexedDB);
  const { notePush, wasPushed } = await import("../worker/rung.js");
  const answers = Promise.all([notePush({ id: 1, at: "now" }), wasPushed({ id: 1, at: "now" })]);
  context.mock.timers.tick(60_000);
  assert.deepEqual(await answers, [{ pushed: false, heard: false }, false]);
});
