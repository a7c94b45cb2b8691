import assert from "node:assert/strict";
import test from "node:test";

import { fitted, kindOf, labelOf, sizeParts } from "../files/kinds.js";

const png = { type: "image/png", size: 1000, width: 10, height: 10 };

test("a picture is shown where its size is known and it is small, or there is a small one of it", () => {
  assert.equal(kindOf(png), "picture");
  assert.equal(kindOf({ ...png, size: 2 ** 23 }), "other");
  assert.equal(kindOf({ ...png, size: 2 ** 23, thumb: "/t" }), "picture");
  assert.equal(kindOf({ ...png, width: undefined }), "other");
  assert.equal(kindOf({ ...png, type: "image/svg+xml" }), "other");
  assert.equal(kindOf({ type: "video/webm" }), "video");
  assert.equal(kindOf({ type: "audio/ogg" }), "audio");
  assert.equal(kindOf({ type: "text/html", size: 1 }), "other");
});

test("pictures fit into the box, and are never made larger", () => {
  assert.deepEqual(fitted({ width: 720, height: 100 }), { width: 360, height: 50 });
  assert.deepEqual(fitted({ width: 100, height: 480 }), { width: 50, height: 240 });
  assert.deepEqual(fitted({ width: 16, height: 16 }), { width: 16, height: 16 });
  assert.deepEqual(fitted({ width: 50_000, height: 10 }), { width: 360, height: 1 });
});

test("a label is the end of a name, if it is one", () => {
  assert.equal(labelOf("report.final.pdf"), "PDF");
  assert.equal(labelOf("Makefile"), "");
  assert.equal(labelOf(".bashrc"), "");
  assert.equal(labelOf("a.much too long"), "");
});

test("a size has a unit that leaves a short number", () => {
  assert.deepEqual(sizeParts(1023), [1023, ""]);
  assert.deepEqual(sizeParts(1536), [1.5, "KB"]);
  assert.deepEqual(sizeParts(5 * 2 ** 40), [5120, "GB"]);
});
