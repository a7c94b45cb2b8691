import assert from "node:assert/strict";
import test from "node:test";

import { afterClose, backoff, command, newId, parseFrame } from "../core/protocol.js";

test("a frame holds one event or several, and nonsense holds none", () => {
  const head = { type: "head", seq: 1 };
  assert.deepEqual(parseFrame('{"type":"head","seq":1}'), { room: null, events: [head] });
  assert.equal(parseFrame('[{"type":"head","seq":1},{"type":"head","seq":2}]').events.length, 2);
  for (const text of ["not json", '[null, 3, {"no":"type"}]', "null", "3", '{"room":"tea","events":3}']) {
    assert.deepEqual(parseFrame(text), { room: null, events: [] });
  }
  assert.deepEqual(parseFrame('{"room":"tea","events":[{"type":"head","seq":1},null]}'), {
    room: "tea",
    events: [head],
  });
});

test("a command has an id of its own, or the one it had before", () => {
  assert.match(
    JSON.parse(command("typing")).id,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.deepEqual(JSON.parse(command("send", { message: "x" }, "u1")), { type: "send", id: "u1", message: "x" });
  assert.notEqual(newId(), newId());
});

test("some closes are the end, and say why", () => {
  assert.equal(afterClose(4001, "reason=second_factor_needed", 0).stop, "second-factor"); // at once: no key helps
  assert.ok(afterClose(4001, "", 0).wait <= 500); // the session may have a new key
  assert.equal(afterClose(4001, "", 1).stop, "signed-out");
  assert.equal(afterClose(4003, "", 0).stop, "removed");
  assert.equal(afterClose(4004, "", 0).stop, "missing");
});

test("others are a wait: at once when too slow, as told when full, spread out when the server restarts", () => {
  assert.ok(afterClose(4008, "", 0, 1).wait <= 250);
  assert.deepEqual(afterClose(4029, "reason=server_full&retry_after=30", 0, 0), { wait: 30_000, why: "full" });
  assert.deepEqual(afterClose(4029, "reason=too_many_connections_of_account&retry_after=15", 0, 0), {
    wait: 15_000,
    why: "mine",
  });
  const waits = [0, 0.5, 1].map((random) => afterClose(1012, "", 0, random).wait);
  assert.deepEqual(waits, [200, 1350, 2500]);
});

test("the wait doubles up to 30 s and is never the same for all", () => {
  assert.equal(backoff(0, 1), 600);
  assert.equal(backoff(3, 1), 4800);
  assert.equal(backoff(30, 1), 30_000);
  assert.equal(backoff(30, 0), 15_000);
});
