import assert from "node:assert/strict";
import test from "node:test";

import { withDuration } from "../files/webm_duration.js";

const START = [0x1a, 0x45, 0xdf, 0xa3, 0x80]; // an empty EBML head
const SEGMENT = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const SCALE = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40];
const REST = [0x16, 0x54, 0xae, 0x6b, 0x80, ...Array(20).fill(7)];

test("the duration is put into what was recorded without one, and nothing else is changed", () => {
  const recorded = Uint8Array.from([
    ...START,
    ...SEGMENT,
    0x15,
    0x49,
    0xa9,
    0x66,
    0x80 | SCALE.length,
    ...SCALE,
    ...REST,
  ]);
  const duration = [0x44, 0x89, 0x88, 0x40, 0xa7, 0x70, 0, 0, 0, 0, 0]; // 3000 as a number of eight bytes
  const info = [0x15, 0x49, 0xa9, 0x66, 0x10, 0, 0, SCALE.length + duration.length, ...SCALE, ...duration];
  const made = withDuration(recorded, 3000);
  assert.deepEqual([...made], [...START, ...SEGMENT, ...info, ...REST]);
  assert.equal(withDuration(made, 5000), made); // it has one
});

test("what is something else stays as it is", () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.from(START), new TextEncoder().encode("OggS".repeat(99))]) {
    assert.equal(withDuration(bytes, 3000), bytes);
  }
});
