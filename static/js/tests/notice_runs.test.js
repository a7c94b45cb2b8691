import assert from "node:assert/strict";
import test from "node:test";

import { alice, bob, message } from "./make.js";

const words = {
  notice_person_added: "added {name} to the room",
  othersMore: ["{count} other", "{count} others"],
};
globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: () => ({ textContent: JSON.stringify(words) }),
};
const { repeatsNotice, runText } = await import("../state/notice_runs.js");

const added = (name, minute = 0, fields = {}) =>
  message(1, {
    kind: "notice",
    sender: alice,
    created: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
    notice: { reason: "person_added", params: { name } },
    ...fields,
  });

test("the same said of another person within ten minutes stands behind one line", () => {
  const first = added("bob");
  assert.equal(repeatsNotice(first, added("carol", 9)), true);
  assert.equal(repeatsNotice(first, added("carol", 10)), false);
  assert.equal(repeatsNotice(first, added("carol", 1, { sender: bob })), false);
  assert.equal(
    repeatsNotice(first, added("carol", 1, { deleted: true })),
    false,
  );
  const removed = { reason: "person_removed", params: { name: "carol" } };
  assert.equal(
    repeatsNotice(first, added("carol", 1, { notice: removed })),
    false,
  );
  const topic = added("", 1, {
    notice: { reason: "topic_set", params: { topic: "tea" } },
  });
  assert.equal(repeatsNotice(topic, topic), false);
  assert.equal(repeatsNotice(null, first), false);
});

test("the line names everyone, or two and how many others", () => {
  const said = (...names) => runText(names.map((name) => added(name)));
  assert.equal(said("bob", "carol"), "added bob and carol to the room");
  assert.equal(
    said("bob", "carol", "dave"),
    "added bob, carol, and dave to the room",
  );
  assert.equal(
    said("bob", "carol", "dave", "erin", "bob"),
    "added bob, carol, and 2 others to the room",
  );
});
