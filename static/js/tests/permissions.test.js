import assert from "node:assert";
import { test } from "node:test";
import { canRetry } from "../state/permissions.js";
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

test("in direct messages both may ask again", () => {
  assert.equal(canRetry(reply, { me: alice, room: { ...lobby, with: robot } }), true);
});
