import assert from "node:assert/strict";
import { test } from "node:test";
import { readQuestion, writeAnswer } from "../lib/passkey_format.js";

const bytes = (...list) => new Uint8Array(list);

test("a question is read, with the keys that it names", () => {
  const read = readQuestion({
    publicKey: {
      challenge: "-_8",
      rpId: "x",
      user: { id: "MTI", name: "a" },
      excludeCredentials: [{ id: "AQ", type: "public-key" }],
    },
  });
  assert.deepEqual(read.challenge, bytes(0xfb, 0xff));
  assert.deepEqual(read.user, { id: bytes(0x31, 0x32), name: "a" });
  assert.deepEqual(read.excludeCredentials, [{ id: bytes(1), type: "public-key" }]);
  assert.equal(read.rpId, "x");
});

test("a question that names nobody is read, too", () => {
  assert.deepEqual(readQuestion({ publicKey: { challenge: "AA" } }), { challenge: bytes(0) });
});

test("an answer is written with what it has", () => {
  const answer = JSON.parse(writeAnswer({
    id: "-_8",
    rawId: bytes(0xfb, 0xff).buffer,
    type: "public-key",
    response: { clientDataJSON: bytes(1).buffer, signature: bytes(2).buffer, userHandle: null },
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
  }));
  assert.deepEqual(answer, {
    id: "-_8",
    rawId: "-_8",
    type: "public-key",
    response: { clientDataJSON: "AQ", signature: "Ag" },
    clientExtensionResults: { credProps: { rk: true } },
  });
});
