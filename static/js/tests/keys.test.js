import assert from "node:assert/strict";
import test from "node:test";

import { isPressed, keyCaps, KEYS, rowOf } from "../core/keys.js";

const press = (key, ...held) => ({
  key,
  ctrlKey: held.includes("ctrl"),
  metaKey: held.includes("meta"),
  altKey: held.includes("alt"),
  shiftKey: held.includes("shift"),
  getModifierState: (name) => held.includes(name),
});

test("a combination is exactly these keys; ⌘ does for Ctrl", () => {
  assert.ok(isPressed("Mod+K", press("k", "ctrl")) && isPressed("Mod+K", press("K", "meta")));
  for (const held of [[], ["ctrl", "shift"], ["ctrl", "alt"]]) {
    assert.ok(!isPressed("Mod+K", press("k", ...held)));
  }
  assert.ok(isPressed("Alt+Shift+ArrowUp", press("ArrowUp", "alt", "shift")));
  assert.ok(!isPressed("Alt+ArrowUp", press("ArrowUp", "alt", "shift")));
});

test("signs are found on every keyboard, and AltGr types", () => {
  assert.ok(isPressed("?", press("?", "shift")) && isPressed("+", press("+")) && isPressed("+", press("+", "shift")));
  assert.ok(isPressed("Mod+/", press("/", "ctrl", "shift"))); // German: Shift+7
  assert.ok(!isPressed("Mod+.", press(".", "ctrl", "AltGraph")));
});

test("no combination means two things", () => {
  const combos = KEYS.filter(({ field }) => !field).flatMap((row) => row.combos);
  assert.equal(new Set(combos).size, combos.length);
  assert.equal(rowOf(press("K", "shift")), undefined);
  assert.equal(rowOf(press("k")).id, "previousMessage");
});

test("what stands on the keys is told in the reader's language", () => {
  const german = (key) => ({ Mod: "Strg", Shift: "Umschalt" })[key] ?? key;
  assert.deepEqual(keyCaps("Mod+Shift+F", german, false), ["Strg", "Umschalt", "F"]);
  assert.deepEqual(keyCaps("Mod+Shift+F", german, true), ["⌘", "⇧", "F"]);
  assert.deepEqual(keyCaps("Alt+ArrowUp", german, false), ["Alt", "↑"]);
  assert.deepEqual(keyCaps("+", german, false), ["+"]);
});
