import assert from "node:assert/strict";
import test from "node:test";

import { makeNotificationFilter } from "../state/notification_filter.js";
import { message, messages, robot, room } from "./make.js";

const reply = (fields) => message(2, { sender: robot, kind: "bot", ...fields });

test("a message is news once, however often it changes afterwards", () => {
  const isNews = makeNotificationFilter(room(messages(1, 3)));
  assert.equal(isNews(message(4)), true);
  assert.equal(isNews(message(4, { seq: 5, reactions: [{ emoji: "👍", users: [1] }] })), false);
  assert.equal(isNews(message(2, { seq: 6, message: "edited" })), false, "it was there before");
});

test("several that come in one frame are all news", () => {
  const isNews = makeNotificationFilter(room(messages(1, 3)));
  assert.deepEqual([4, 5, 6].map((id) => isNews(message(id))), [true, true, true]);
});

test("a reply is news when it is finished, though it was begun before the page was opened", () => {
  const isNews = makeNotificationFilter(room([message(1), reply({ state: "streaming" })]));
  assert.equal(isNews(reply({ seq: 3, state: "streaming" })), false);
  assert.equal(isNews(reply({ seq: 4 })), true);
});

test("the memory of what was told is bounded, and nothing is told again for it", () => {
  const isNews = makeNotificationFilter(room());
  for (let id = 1; id <= 5000; id += 1) assert.equal(isNews(message(id)), true);
  assert.equal(isNews(message(10, { seq: 6000 })), false);
});
