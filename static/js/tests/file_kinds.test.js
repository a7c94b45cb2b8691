import assert from "node:assert/strict";
import test from "node:test";

import { fitted, kindOf, labelOf, largeOf, sizeParts } from "../files/kinds.js";

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
  assert.equal(kindOf({ type: "text/plain", size: 1, beginning: "a" }), "document");
  assert.equal(kindOf({ type: "application/pdf", width: 9, height: 9, thumb: "/t" }), "document");
  assert.equal(kindOf({ type: "application/pdf", removed: 3, beginning: "a" }), "other");
});

test("what fills the window is as large as it has to be, and what a browser knows", () => {
  const photo = { type: "image/jpeg", url: "/u", width: 4000, height: 2000, thumb: "/t", preview: "/p" };
  assert.deepEqual(largeOf(photo), { src: "/u", srcset: "/p 1080w, /u 4000w" });
  assert.deepEqual(largeOf({ ...photo, width: 2000, height: 4000 }).srcset, "/p 540w, /u 2000w");
  assert.deepEqual(largeOf({ ...photo, animated: true }), { src: "/u", srcset: "" });
  assert.deepEqual(largeOf({ ...photo, type: "image/heic" }), { src: "/p", srcset: "" });
  assert.deepEqual(largeOf({ ...photo, type: "image/heic", preview: undefined }), { src: "/t", srcset: "" });
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
