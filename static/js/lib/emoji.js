// All of Unicode's emoji: by group, by name, by word. Loaded when they are first needed; so are the words of a language.

import data from "../emoji/data.js";
import { formatInPageLanguage } from "./formats.js";

export const FREQUENT = ["👍", "❤️", "😂", "🎉", "👀", "🙏"];

const isGerman = globalThis.document?.documentElement?.lang?.startsWith("de");
const words = isGerman ? (await import("../emoji/words_de.js")).default.trim().split("\n") : [];
const regions = formatInPageLanguage("DisplayNames", { type: "region" });

/**
 * [{name: "smileys", emoji: [{emoji, names, label, words, tones: may have the colour of a skin}, …]}, …]
 *
 * A line of the data is a group ("= name"); an emoji with its names and words, and + for tones; or the letters of all
 * regions, two for each flag.
 */
export const GROUPS = readGroups();
export const EMOJI = GROUPS.flatMap(({ emoji }) => emoji);
const byName = new Map(EMOJI.flatMap((each) => each.names.map((name) => [name, each])));
const byEmoji = new Map(EMOJI.map((each) => [each.emoji, each]));

export const emojiOf = (text) => byEmoji.get(text);
export const emojiNamed = (name) => byName.get(name.toLowerCase());

/** Those that have a word for each word of the query, the best first. */
export function findEmoji(query, most = 8) {
  const wanted = query.toLowerCase().split(/[\s_]+/).filter(Boolean);
  const whole = wanted.join("_");
  const fitting = ({ names }) => names.find((name) => name.startsWith(whole))?.length ?? Infinity; // the shorter, the better
  return EMOJI
    .filter((each) => wanted.every((word) => each.words.some((one) => one.startsWith(word))))
    .sort((a, b) => (fitting(a) === fitting(b) ? 0 : fitting(a) - fitting(b)))
    .slice(0, most);
}

function readGroups() {
  const groups = [];
  let at = 0;
  for (const line of data.trim().split("\n")) {
    const [first, names, ...own] = line.split(" ");
    if (first === "=") groups.push({ name: names, emoji: [] });
    else if (first === "regions") groups.at(-1).emoji.push(...names.match(/../g).map(flagOf));
    else groups.at(-1).emoji.push(makeEntry(first, names.split(","), own, words[at++] ?? ""));
  }
  return groups;
}

function makeEntry(sign, names, own, translated) {
  const tones = sign.endsWith("+");
  const [label, others = ""] = translated.split(";");
  const parts = names.flatMap((name) => [name, ...name.split(/[_-]/)]);
  return {
    emoji: tones ? sign.slice(0, -1) : sign,
    names,
    label: label || names[0].replaceAll("_", " "),
    words: [...parts, ...own, ...label.split(/[ ,:()]+/), ...others.split(" ")].filter(Boolean),
    tones,
  };
}

function flagOf(code) {
  const emoji = String.fromCodePoint(...[...code].map((letter) => letter.codePointAt(0) + 0x1f1a5));
  const label = regions?.of(code) ?? code;
  const name = `flag-${code.toLowerCase()}`;
  return { emoji, names: [name], label, words: [name, "flag", code.toLowerCase(), ...label.toLowerCase().split(" ")] };
}
