// What is missing is asked for; when that is refused, the page comes back for it.

import assert from "node:assert/strict";

import { both, connected, lines, refuse } from "./line.js";

const ids = ({ sent }) => sent.map(({ id }) => id);

both("a refused resume ends the connection, and the next one asks for the same", (context) => {
  const { line: first } = connected(context);
  first.say({ type: "head", seq: 7 });
  const [asked] = first.sent;
  assert.equal(asked.type, "resume");
  assert.equal(asked.since, 5);

  first.say({ type: "error", code: "unavailable", id: "another" });
  assert.equal(first.readyState, 1);
  first.say({ type: "error", code: "unavailable", id: asked.id });
  assert.equal(first.readyState, 3);

  context.mock.timers.tick(60_000);
  refuse(context);
  assert.equal(lines.at(-1).greet().since, 5);
});

both("what was not answered when the line broke is said again with the same id, in order", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  for (const [type, id] of [["edit", "a"], ["react", "b"], ["unreact", "c"], ["delete", "d"]]) order(type, id);
  line.say({ type: "ack", id: "b", message_id: 7, seq: 6 }, {
    type: "error",
    id: "c",
    code: "forbidden",
    message: "No.",
  });
  line.onclose({ code: 1006, reason: "" });
  const next = comeBack();
  assert.deepEqual(ids(next), ["a", "d"]);
  next.say({ type: "ack", id: "a", message_id: 7, seq: 6 }, { type: "ack", id: "d", message_id: 7, seq: 7 });
  next.onclose({ code: 1006, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [[], []]);
});

both("an edit into a line that is just closing goes out on the next", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  line.readyState = 2;
  order("edit", "a");
  line.onclose({ code: 1006, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [["a"], []]);
});

both("a bot is not asked twice: who asked is told that it may not have been heard", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  order("retry", "a");
  order("read", "b");
  line.onclose({ code: 1006, reason: "" });
  assert.deepEqual(toasts, ["notConnected"]);
  assert.deepEqual(ids(comeBack()), []);
});

both("what waits when the connection ends for good is told, and only so much is kept", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  for (let at = 1; at <= 60; at += 1) order("react", `r${at}`);
  line.onclose({ code: 1006, reason: "" });
  const next = comeBack();
  assert.deepEqual([next.sent.length, next.sent.at(-1).id], [50, "r60"]);
  next.onclose({ code: 4003, reason: "" });
  assert.deepEqual(toasts, ["notConnected"]);
});

both("what was too large for the line is not said again", (context) => {
  const { line, order, comeBack, toasts } = connected(context);
  order("edit", "a");
  line.onclose({ code: 1009, reason: "" });
  assert.deepEqual([ids(comeBack()), toasts], [[], ["notConnected"]]);
});
