// The page's words in the reader's language: the server puts them into the page as JSON.

import { formatInPageLanguage, number } from "./formats.js";

const words = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
const plural = formatInPageLanguage("PluralRules") ?? { select: (count) => (count === 1 ? "one" : "other") };
const lists = formatInPageLanguage("ListFormat", { type: "conjunction" }) ??
  { format: (items) => [...items].join(", ") };

/** The sentence of that key, its {names} filled in. With `count`, the form that fits the number. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  const form = Array.isArray(text) ? text[plural.select(values.count) === "one" ? 0 : 1] : text;
  return form.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

const written = (value) => typeof value === "number" ? number(value) : value ?? "";

export const list = (items) => lists.format(items);

/** A load notice in the reader's language, or the server's own text. */
export function loadText({ message, cause = "none", people }) {
  return `overload_${cause}` in words ? t(`overload_${cause}`, { count: people }) : message;
}

/** What somebody did, in the reader's language; undefined for other messages, and for what this page does not know. */
export const noticeText = ({ notice }) =>
  `notice_${notice?.reason}` in words ? t(`notice_${notice.reason}`, notice.params) : undefined;

/** What stands under a bot's reply, in the reader's language; or the server's text, where this page does not know all. */
export function noteText({ note = "", notes = [] }) {
  const known = notes.length && notes.every(({ reason }) => `note_${reason}` in words);
  return known ? notes.map(({ reason, params }) => t(`note_${reason}`, params)).join("; ") : note;
}

/** An error in the reader's language, by its reason or else its code; or the server's own text. */
export function errorText({ code, reason, params, message }) {
  const key = [`reason_${reason}`, `error_${code}`].find((each) => each in words);
  return key ? t(key, params) : message;
}
