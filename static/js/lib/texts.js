// The page's words in the reader's language: the server puts them into the page as JSON.

import { inLanguage, language } from "./formats.js";

const words = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
const plural = inLanguage("PluralRules") ?? { select: (count) => (count === 1 ? "one" : "other") };
const lists = inLanguage("ListFormat", { type: "conjunction" }) ?? { format: (items) => [...items].join(", ") };

/** The sentence of that key, its {names} filled in. With `count`, the form that fits the number. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  const form = Array.isArray(text) ? text[plural.select(values.count) === "one" ? 0 : 1] : text;
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const list = (items) => lists.format(items);

/** A load notice in the reader's language, or the server's own text. */
export function aboutLoad({ message, cause = "none", people }) {
  const known = !language.startsWith("en") && `overload_${cause}` in words;
  return known ? t(`overload_${cause}`, { count: people }) : message;
}

/** An error in the reader's language, or the server's own text. */
export function refusal({ code, message }) {
  if (language.startsWith("en")) return message;
  const known = words.refusals?.[message] ?? words[`error_${code}`] ?? message;
  return known.replace("{number}", /(?:^|\s)(\S+)\.$/.exec(message)?.[1] ?? "");
}
