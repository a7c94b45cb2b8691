// The last block of an answer as it will look, before the server has rendered it. Pure: data in, data out.
//
// It need not know all of Markdown: what it does not know looks like words for a moment. What it does know takes as much
// room as the server's HTML, so that nothing moves when that comes.

import { previewInline } from "./inline_preview.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const UNDERLINE = /^ {0,3}(=+|-{2,})[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])( +(?=\S)| *$)/;
const DELIMITER = /^[ \t]*:?-+:?[ \t]*$/;
const TASK = /^\[([ xX])\] /;
// A last line that may become anything.
const UNDECIDED = /^ {0,3}(?:[-*+=#>_]{1,2}|\d{1,9}[.)]?|[`~]{1,3}|\|)$/;
const LONG_CELL = 24; // characters; rooms/text/markdown/tables.py has the same
const MAX_DEPTH = 20;

/** [nodes]: strings, and elements as [tag, attributes, ...nodes]. */
export function previewMarkdown(text) {
  const lines = text.split("\n");
  if (UNDECIDED.test(lines.at(-1)) && !lines.some((line) => FENCE.test(line))) lines.pop();
  return blocksOf(lines, 0);
}

function blocksOf(lines, depth) {
  const blocks = [];
  for (let at = 0; at < lines.length;) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const readers = depth < MAX_DEPTH ? [readFence, readHeading, readQuote, readList, readTable] : [];
    const found = readers.reduce((known, read) => known ?? read(lines, at, depth), null) ?? readParagraph(lines, at);
    blocks.push(found.block);
    at = found.end;
  }
  return blocks;
}

function readFence(lines, at) {
  const [, marks, language] = FENCE.exec(lines[at]) ?? [];
  if (!marks) return null;
  let end = at + 1;
  while (end < lines.length && !closes(lines[end], marks)) end += 1;
  const code = lines.slice(at + 1, end).join("\n");
  const block = ["pre", { class: "code", "data-language": language }, ["code", {}, ...(code ? [`${code}\n`] : [])]];
  return { block, end: end + 1 };
}

function closes(line, marks) {
  const rest = line.trim();
  return rest.length >= marks.length && rest.split(marks[0]).every((part) => part === "") && !/^ {4}/.test(line);
}

function readHeading(lines, at) {
  if (RULE.test(lines[at])) return { block: ["hr", {}], end: at + 1 };
  const [, marks, words = ""] = HEADING.exec(lines[at]) ?? [];
  return marks ? { block: [`h${marks.length}`, {}, ...previewInline(words.trim())], end: at + 1 } : null;
}

function readQuote(lines, at, depth) {
  if (!QUOTE.test(lines[at])) return null;
  let end = at + 1;
  while (end < lines.length && (QUOTE.test(lines[end]) || (lines[end].trim() && !begins(lines[end])))) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return { block: ["blockquote", { dir: "auto" }, ...blocksOf(inside, depth + 1)], end };
}

/** Whether a line begins a block that a paragraph above it does not swallow. */
const begins = (line) =>
  FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) ||
  /^ {0,3}(?:[-*+]|1[.)]) +\S/.test(line);

function readList(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (!first || first[1].length > 3) return null;
  const ordered = first[2].length > 1;
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || item[1].length > first[1].length + 3 || item[2].at(-1) !== first[2].at(-1)) break;
    const read = readItem(lines, end, item);
    items.push(read);
    end = read.end;
  }
  const isLoose = items.some(({ lines: inside, end: last }, index) =>
    inside.some((line, place) => !line.trim() && place < inside.length - 1) ||
    (index < items.length - 1 && !lines[last - 1].trim())
  );
  const nodes = items.map(({ lines: inside }) => itemOf(inside, isLoose, depth + 1));
  return { block: ordered ? orderedList(items, nodes) : ["ul", { dir: "auto" }, ...nodes], end };
}

/** The lines of one item without their margin, and where the next begins. */
function readItem(lines, at, [whole, indent, marker, gap]) {
  const margin = gap.length > 4 || !gap.length ? indent.length + marker.length + 1 : whole.length;
  const inside = [lines[at].slice(margin)];
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = lines[end];
    const isBlank = !line.trim();
    const isInside = line.length - line.trimStart().length >= margin;
    const goesOn = lines[end - 1].trim() && !ITEM.test(line) && !begins(line); // a paragraph, with less indent
    if (!isBlank && !isInside && !goesOn) break;
    inside.push(isInside ? line.slice(margin) : line.trimStart());
  }
  return { lines: inside, end, number: Number.parseInt(marker, 10) };
}

function itemOf(lines, isLoose, depth) {
  const [, done] = TASK.exec(lines[0]) ?? [];
  const blocks = blocksOf(done ? [lines[0].slice(4), ...lines.slice(1)] : lines, depth);
  const nodes = isLoose ? blocks : blocks.flatMap((block) => (block[0] === "p" ? block.slice(2) : [block]));
  if (!done) return ["li", {}, ...nodes];
  const box = {
    class: "task-list-item-checkbox",
    disabled: "",
    type: "checkbox",
    ...(done === " " ? {} : { checked: "" }),
  };
  return ["li", { class: "task-list-item" }, ["input", box], " ", ...nodes];
}

function orderedList(items, nodes) {
  const start = items[0].number;
  const digits = String(Math.max(start + items.length - 1, ...items.map(({ number }) => number))).length;
  const attributes = {
    ...(start === 1 ? {} : { start: String(start) }),
    dir: "auto",
    ...(digits > 1 ? { class: `digits-${digits}` } : {}),
  };
  return ["ol", attributes, ...nodes];
}

function readTable(lines, at) {
  const [head, delimiters] = [cellsOf(lines[at]), lines[at + 1] === undefined ? [] : cellsOf(lines[at + 1])];
  const isTable = lines[at].includes("|") && head.length === delimiters.length &&
    delimiters.every((cell) => DELIMITER.test(cell)) && at + 2 < lines.length; // the row of delimiters is whole
  if (!isTable) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].trim() && !begins(lines[end])) end += 1;
  const classes = delimiters.map((cell) => alignmentOf(cell.trim()));
  const row = (tag, cells) => ["tr", {}, ...classes.map((name, place) => cellOf(tag, name, cells[place] ?? ""))];
  const body = lines.slice(at + 2, end).map((line) => row("td", cellsOf(line)));
  const parts = [["thead", {}, row("th", head)], ...(body.length ? [["tbody", {}, ...body]] : [])];
  return { block: ["table", { class: "sized", dir: "auto" }, ...parts], end };
}

function cellOf(tag, name, text) {
  const nodes = previewInline(text.trim());
  const classes = [name, lengthOf(nodes) > LONG_CELL ? "long" : ""].filter(Boolean).join(" ");
  return [tag, classes ? { class: classes } : {}, ...nodes];
}

/** Characters of the words in these nodes. */
const lengthOf = (nodes) =>
  nodes.reduce((sum, node) => sum + (typeof node === "string" ? node.length : lengthOf(node.slice(2))), 0);

function cellsOf(line) {
  const words = line.trim();
  return words.slice(words.startsWith("|") ? 1 : 0, words.length > 1 && words.endsWith("|") ? -1 : undefined).split(
    "|",
  );
}

function alignmentOf(cell) {
  if (cell.endsWith(":")) return cell.startsWith(":") ? "align-center" : "align-right";
  return cell.startsWith(":") ? "align-left" : "";
}

function readParagraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !begins(lines[end]) && !UNDERLINE.test(lines[end])) end += 1;
  const words = previewInline(lines.slice(at, end).map((line) => line.trim()).join("\n"));
  const [, marks] = UNDERLINE.exec(lines[end] ?? "") ?? [];
  return marks
    ? { block: [marks[0] === "=" ? "h1" : "h2", {}, ...words], end: end + 1 }
    : { block: ["p", {}, ...words], end };
}
