import assert from "node:assert/strict";
import test from "node:test";

import { pendingHandlers } from "../state/pending_state.js";

const files = [{ key: "a", name: "a.txt" }, { key: "b", name: "b.txt" }];
const empty = { pending: [], ids: [], messages: new Map(), newId: null };
const said = (fields) => pendingHandlers["local.say"](empty, { id: "1", message: "", created: "", ...fields });

test("a message with files waits for them, and then has their ids", () => {
  const before = said({ files });
  assert.equal(before.pending[0].status, "uploading");
  const after = pendingHandlers["local.uploaded"](before, { id: "1", ids: ["x", "y"] });
  assert.equal(after.pending[0].status, "waiting");
  assert.deepEqual(after.pending[0].files.map(({ id }) => id), ["x", "y"]);
});

test("a message without files waits for nothing", () => {
  const [item] = said({}).pending;
  assert.equal(item.status, "waiting");
  assert.ok(!("files" in item));
});

test("what an earlier visit left goes on where its files are", () => {
  const state = { ...empty, messages: new Map() };
  const items = [
    { id: "1", status: "sending", files: [{ key: "a", id: "x" }] },
    { id: "2", status: "waiting", files: [{ key: "b" }] },
    { id: "3", status: "failed", files: [{ key: "c" }] },
    { id: "4", status: "sending" },
  ];
  const { pending } = pendingHandlers["local.restore"](state, { items });
  assert.deepEqual(pending.map(({ status }) => status), ["waiting", "uploading", "failed", "waiting"]);
});

test("sent again, its files are looked at again", () => {
  const failed = { ...empty, pending: [{ id: "1", status: "failed", files, error: {} }] };
  assert.equal(pendingHandlers["local.again"](failed, { id: "1" }).pending[0].status, "uploading");
});
