// What the page does with a text takes time that grows with its length and no faster, whatever is written in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { clean } from "../lib/plain_text.js";
import { previewMarkdown } from "../lib/markdown_preview.js";
import { typedWord } from "../lib/typed_word.js";
import { excerptOf, visibleText } from "../lib/message_text.js";
import { folder, modules } from "./modules.js";

const SIZES = [2000, 8000]; // characters
const DEARER = 2; // for each character, in the long text and in the short: 4 where it grows with the square
const TRIES = 30; // a busy machine makes the long text seem dear now and then, but not each time
const CHEAP = 300; // µs for 8,000 characters: work that grows with the square takes more on any machine
const SIGNS = [..."a1 .\t\n\r-_<>&;\"'@:/＠#(*`语", "\u0301", "\u200d", "😀", "\u{e0061}", "🏴"];
const UNITS = new Set(SIGNS.flatMap((one) => SIGNS.map((other) => (one === other ? one : one + other))));
const LITERAL =
  /(?<=[(=,:?|&!]\s*|return )\/((?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)(?![\w'"`])/g;

/** Of the processor, in µs. */
function spent(act, text) {
  const before = process.cpuUsage();
  act(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function growsTooFast(act, make) {
  const [short, long] = SIZES.map(make);
  act(short);
  if (spent(act, long) < CHEAP) return false;
  for (let i = 0; i < TRIES; i += 1) {
    if (spent(act, long) / long.length < DEARER * (spent(act, short) / short.length)) return false;
  }
  return true;
}

const repeated = (unit, end) => (size) => unit.repeat(size / unit.length) + end;
/** One of the units that is too slow, if there is one. */
const slow = (act) => [...UNITS].find((unit) => ["\0", "a"].some((end) => growsTooFast(act, repeated(unit, end))));

const expressions = modules.flatMap((name) =>
  [...readFileSync(new URL(name, folder), "utf8").matchAll(LITERAL)].map(([, source, flags]) => ({
    name,
    source,
    flags,
  }))
);

test("no regular expression", () => {
  assert.ok(expressions.length > 15, `${expressions.length} found`);
  for (const { name, source, flags } of expressions) {
    const expression = new RegExp(source, flags);
    assert.equal(slow((text) => text.replace(expression, "")), undefined, `${name}: ${source}`);
  }
});

test("nothing that reads a message or what is typed", () => {
  const readers = {
    clean,
    typedWord,
    visibleText,
    previewMarkdown,
    excerptOf: (text) => excerptOf({ message: text, html: text }, 200),
  };
  for (const [name, act] of Object.entries(readers)) assert.equal(slow(act), undefined, name);
});

test("one that does is found", () => {
  for (const expression of [/\s+$/, /<[^>]*>/g]) assert.ok(slow((text) => text.replace(expression, "")), expression);
});
