import assert from "node:assert/strict";
import test from "node:test";

import { isFolded, visibleReactions } from "../state/blocked.js";
import { after, alice, bob, message, robot, room } from "./make.js";

const blocked = new Set([bob.id]);
const away = { type: "local.look", looking: false };

test("what a blocked person or bot says is folded, a notice is not", () => {
  assert.equal(isFolded(message(1), blocked), true);
  assert.equal(isFolded(message(1, { sender: alice }), blocked), false);
  assert.equal(isFolded(message(1, { kind: "notice" }), blocked), false);
  assert.equal(isFolded(message(1, { sender: robot, kind: "bot" }), new Set([robot.id])), true);
});

test("reactions of blocked people are not counted, and one that is only theirs is not shown", () => {
  const reactions = [{ emoji: "👍", users: [bob.id] }, { emoji: "🎉", users: [bob.id, alice.id] }];
  assert.deepEqual(visibleReactions(reactions, blocked), [{ emoji: "🎉", users: [alice.id] }]);
  assert.equal(visibleReactions(reactions, new Set()), reactions);
});

test("the page knows who is blocked, and hears of changes; the same list again changes nothing", () => {
  const state = room([], { blocked: [bob.id] });
  assert.deepEqual([...state.blocked], [bob.id]);
  assert.equal(after(state, { type: "blocks", blocked: [bob.id] }), state);
  assert.deepEqual([...after(state, { type: "blocks", blocked: [] }).blocked], []);
});

test("nothing of a blocked person counts as unseen, nor begins the line of what is new", () => {
  const state = after(room([], { blocked: [bob.id] }), away, message(1, { mentions: [alice.id] }));
  assert.deepEqual([state.unseen, state.unseenMention, state.newId], [0, 0, null]);
  const later = after(state, message(2, { sender: robot, mentions: [alice.id] }));
  assert.deepEqual([later.unseen, later.unseenMention, later.newId], [1, 1, 2]);
});
