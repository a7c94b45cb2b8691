import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: {}, getElementById: () => null };
const { t } = await import("../lib/texts.js");

test("numbers are written as the reader writes them, and words as they are", () => {
  assert.equal(t("{count} of {name}", { count: 5400, name: "1000" }), `${(5400).toLocaleString("en")} of 1000`);
  assert.equal(t("{count}{gone}", { count: 0 }), "0");
});
