import assert from "node:assert";
import { test } from "node:test";
import { canContinue, canRetry, possibleActions } from "../state/permissions.js";
import { alice, bob, message, robot } from "./make.js";

const reply = message(2, { kind: "bot", sender: robot, reply_to: { id: 1, sender: "bob", excerpt: "@bot?" } });
const lobby = { name: "lobby", moderates: false, with: null };

test("who asked may ask again, and nobody else", () => {
  assert.equal(canRetry(reply, { me: bob, room: lobby }), true);
  assert.equal(canRetry(reply, { me: alice, room: lobby }), false);
});

test("what stands in a room without its question is asked again by moderators", () => {
  const alone = { ...reply, reply_to: null };
  assert.equal(canRetry(alone, { me: bob, room: lobby }), false);
  assert.equal(canRetry(alone, { me: alice, room: { ...lobby, moderates: true } }), true);
});

test("a reply goes on where it was stopped or cut off, if it has begun", () => {
  const can = (fields) => canContinue({ ...reply, message: "Half", ...fields });
  const cut = [{ reason: "searched", params: {} }, { reason: "answer_truncated", params: {} }];
  assert.equal(can({ state: "stopped" }), true);
  assert.equal(can({ state: "stopped", message: " \n" }), false);
  assert.equal(can({ state: "complete", notes: cut }), true);
  assert.equal(can({ state: "complete", notes: cut.slice(0, 1) }), false);
  assert.equal(can({ state: "complete" }), false);
  assert.equal(can({ state: "streaming" }), false);
});

test("in direct messages both may ask again", () => {
  assert.equal(canRetry(reply, { me: alice, room: { ...lobby, with: robot } }), true);
});

test("what can be done with a message depends on whose it is, on its state, and on the connection", () => {
  const can = (fields, about = {}) =>
    [...possibleActions(message(1, fields), { me: alice, room: {}, phase: "live", ...about })].join(" ");
  assert.equal(can({ sender: alice }), "react reply copy link forward edit delete");
  assert.equal(can({ sender: bob }), "react reply copy link forward unread block report");
  assert.equal(
    can({ sender: bob }, { room: { moderates: true } }),
    "react reply copy link forward unread pin block report delete",
  );
  assert.equal(can({ sender: bob }, { phase: "visiting" }), "reply copy link forward block report");
  assert.equal(can({ sender: robot, kind: "bot", state: "streaming" }), "copy link unread block report");
  assert.equal(can({ sender: alice, deleted: true }), "");
});

test("moderators pin and unpin, and both people of direct messages", () => {
  const can = (fields, about = {}) => {
    const found = possibleActions(message(1, fields), {
      me: alice,
      room: { moderates: true },
      phase: "live",
      ...about,
    });
    return ["pin", "unpin"].filter((name) => found.has(name)).join(" ");
  };
  const pinned = "2026-11-20T10:00:00.000Z";
  assert.equal(can({}), "pin");
  assert.equal(can({ pinned }), "unpin");
  assert.equal(can({}, { room: { with: bob } }), "pin");
  assert.equal(can({ pinned }, { room: {} }), "");
  assert.equal(can({}, { phase: "visiting" }), "");
  assert.equal(can({ kind: "notice" }), "");
  assert.equal(can({ deleted: true }), "");
  assert.equal(can({ kind: "bot", sender: robot, state: "streaming" }), "");
});
