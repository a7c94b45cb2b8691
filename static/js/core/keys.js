// The keys of the page: one table, which the dialog of keys and the palette's commands are made from as well. A part of
// the page says what a key does by `onKey`; keys that nothing answers are neither listed nor held back from the browser.

import { whenLeft } from "./scope.js";

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/**
 * id: for `onKey`; its name is the text `key_<id>`. combos: as in "Mod+Shift+F" (Mod is Ctrl, or ⌘ on a Mac).
 * typing: also while the person types. command: the palette offers it. field: of the message field, which handles it.
 * sign: what composer/formatting.js puts into the text.
 */
export const KEYS = [
  { id: "palette", group: "go", combos: ["Mod+K"], typing: true },
  { id: "help", group: "go", combos: ["?", "Mod+/"], typing: true, command: true },
  { id: "searchHere", group: "go", combos: ["Mod+Shift+F"], typing: true, command: true },
  { id: "previousRoom", group: "go", combos: ["Alt+ArrowUp"], typing: true },
  { id: "nextRoom", group: "go", combos: ["Alt+ArrowDown"], typing: true },
  { id: "previousUnread", group: "go", combos: ["Alt+Shift+ArrowUp"], typing: true },
  { id: "nextUnread", group: "go", combos: ["Alt+Shift+ArrowDown"], typing: true, command: true },
  { id: "settings", group: "go", combos: ["Mod+,"], typing: true },
  { id: "panel", group: "go", combos: ["Mod+."], typing: true, command: true },
  { id: "markRead", group: "read", combos: ["Escape"], command: true },
  { id: "markAllRead", group: "read", combos: ["Shift+Escape"], typing: true, command: true },
  { id: "nextMessage", group: "read", combos: ["J"] },
  { id: "previousMessage", group: "read", combos: ["K"] },
  { id: "reply", group: "read", combos: ["R"] },
  { id: "thread", group: "read", combos: ["T"] },
  { id: "edit", group: "read", combos: ["E"] },
  { id: "react", group: "read", combos: ["+"] },
  { id: "messageMenu", group: "read", combos: ["M"] },
  { id: "stop", group: "read", combos: ["S"], command: true },
  { id: "send", group: "write", combos: ["Enter"], field: true },
  { id: "newLine", group: "write", combos: ["Shift+Enter"], field: true },
  { id: "editLast", group: "write", combos: ["ArrowUp"], field: true },
  { id: "bold", group: "format", combos: ["Mod+B"], field: true, sign: "**…**" },
  { id: "italic", group: "format", combos: ["Mod+I"], field: true, sign: "*…*" },
  { id: "strike", group: "format", combos: ["Mod+Shift+X"], field: true, sign: "~~…~~" },
  { id: "code", group: "format", combos: ["Mod+E"], field: true, sign: "`…`" },
  { id: "codeBlock", group: "format", combos: ["Mod+Shift+E"], field: true, sign: "```" },
  { id: "link", group: "format", combos: ["Mod+Shift+L"], field: true, sign: "[…](https://…)" },
  { id: "ordered", group: "format", combos: ["Mod+Shift+7"], field: true, sign: "1. …" },
  { id: "list", group: "format", combos: ["Mod+Shift+8"], field: true, sign: "- …" },
  { id: "quote", group: "format", combos: ["Mod+Shift+9"], field: true, sign: "> …" },
];

export const GROUPS = ["go", "read", "write", "format"];

const handlers = new Map();

/** Whether keys without Ctrl or Alt do something outside the message field. */
export const singleKeys = () => document.documentElement.dataset.keys !== "off";

/** handle(event): returns false to leave the key to the browser. The last handler set for a key counts, while its room
 * is shown. */
export function onKey(id, handle) {
  handlers.set(id, handle);
  whenLeft(() => handlers.get(id) === handle && handlers.delete(id));
}

/** Run the handler of a key. */
export const runKey = (id, event) => handlers.get(id)?.(event);

/** The rows that do something on this page. */
export const activeKeys = () => KEYS.filter(({ id, field }) => field || handlers.has(id));

/** focus(): leads into the message field, which gets what is typed right after a click and what is no shortcut. */
export const onTyped = (focus) => onKey("typed", focus);

export function startKeys() {
  let pointed = false; // what moves the focus is the pointer: no shortcuts are meant
  document.addEventListener("pointerdown", () => (pointed = true), { capture: true });
  document.addEventListener("keydown", ({ key }) => (pointed &&= !MOVING.includes(key)), { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (pointed && isTyped(event)) return runKey("typed");
    const row = rowOf(event, KEYS.filter(({ id }) => handlers.has(id)));
    if (!row || !isMeant(row, event)) return isTyped(event) && runKey("typed");
    if (runKey(row.id, event) !== false) event.preventDefault();
  });
}

/** Whether a character was typed outside fields and dialogs. The browser puts it where the focus is afterwards. */
function isTyped(event) {
  const isSign = event.key.length === 1 && event.key !== " " && event.key !== "?";
  const isCombined = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
  return isSign && !isCombined && handlers.has("typed") && !isWriting(event.target) && !isCovered();
}

/** The row whose combination was pressed, or undefined. */
export const rowOf = (event, rows = KEYS) => rows.find(({ combos }) => combos.some((combo) => isPressed(combo, event)));

/** Whether these keys were pressed. For signs other than letters and digits, Shift does not count: keyboards differ. */
export function isPressed(combo, event) {
  const parts = partsOf(combo);
  const key = parts.pop();
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  const wanted = (name) => parts.includes(name);
  // With Shift, a digit's key says what else stands on it.
  const isKey = event.key?.toLowerCase() === key.toLowerCase() || (wanted("Shift") && event.code === `Digit${key}`);
  return isKey &&
    !event.getModifierState?.("AltGraph") &&
    (event.ctrlKey || event.metaKey) === wanted("Mod") &&
    event.altKey === wanted("Alt") &&
    (isSign || event.shiftKey === wanted("Shift"));
}

const partsOf = (combo) =>
  combo.endsWith("+") ? [...partsOf(`${combo}?`).slice(0, -1), "+"] : combo.split("+").filter(Boolean);

/** The labels of the keys in a combination. name(key): in the reader's language. */
export function keyCaps(combo, name, mac = isMac) {
  const signs = { ArrowUp: "↑", ArrowDown: "↓", ...(mac && { Mod: "⌘", Alt: "⌥", Shift: "⇧" }) };
  return partsOf(combo).map((part) => signs[part] ?? (part.length > 1 ? name(part) : part));
}

const MOVING = ["Tab", "ArrowUp", "ArrowDown", "Home", "End"];
const WRITING = "textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]";

const isWriting = (node) => node.closest?.(WRITING);
const isCovered = () => document.querySelector("dialog[open], :popover-open");

/** Whether a key is meant for the page: not for the field it is typed into, nor for what is open above the page. */
function isMeant({ combos, typing }, event) {
  const field = isWriting(event.target);
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  if (isCovered()) return hasModifier && Boolean(typing);
  if (hasModifier || combos.includes("Shift+Escape")) return typing || !field;
  if (event.key === "Escape") return !field || (field.id === "composer-text" && !field.value);
  return !field && singleKeys();
}
