// What a reader of another language is told when something was refused.

import assert from "node:assert/strict";
import test from "node:test";

import { room } from "./make.js";

const words = {
  error_rate_limited: "Es geht gleich hinaus.",
  error_passing: "Noch einmal.",
  reason_too_many_questions: "Frag später.",
  reason_internal_error: "Melde {incident}.",
};
globalThis.document = Object.assign(new EventTarget(), {
  documentElement: { lang: "de" },
  getElementById: () => ({ textContent: JSON.stringify(words) }),
});
globalThis.requestAnimationFrame = () => {};
globalThis.localStorage = { getItem: () => null, setItem() {}, removeItem() {} };
const { on, emit } = await import("../core/bus.js");
const { startOutbox } = await import("../core/outbox.js");
const { reduce } = await import("../state/room_state.js");
const { makeStore } = await import("../core/store.js");

test("only a message is said to go out by itself", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const [toasts, sent] = [[], []];
  on("toast", ({ text }) => toasts.push(text));
  const store = makeStore(reduce, room());
  startOutbox(store, { send: (type, fields, id) => sent.push({ type, id, ...fields }) });
  const refuse = (id, reason, code = "rate_limited", params = {}) => {
    const error = { type: "error", id, code, reason, params, message: "In English." };
    store.dispatch({ ...error, now: Date.now() });
    emit("wire-error", error);
  };
  emit("say", { message: "hi", replyTo: null });
  refuse(sent[0].id, "sending_too_fast");
  refuse("a-reaction", "too_many_changes");
  refuse("a-retry", "too_many_questions");
  refuse("an-edit", "internal_error", "internal", { incident: "4f2a" });
  refuse("of-tomorrow", "not_known_yet", "gone");
  assert.deepEqual(toasts, ["Es geht gleich hinaus.", "Noch einmal.", "Frag später.", "Melde 4f2a.", "In English."]);
});
