// Bold, lists, links and the like: what a text and its selection become. Pure.

const WRAPS = { bold: "**", italic: "*", strike: "~~", code: "`" };
const LINES = { list: /^[-*+] /, ordered: /^\d{1,9}[.)] /, quote: /^> ?/ };
const PREFIXES = { list: () => "- ", ordered: (at) => `${at + 1}. `, quote: () => "> " };
const URL = /^https?:\/\/[^\s<>]+$/i;

/**
 * {from, to, text: what takes the place of that part, start, end: what is selected then}.
 * kind: "bold" | "italic" | "strike" | "code" | "link" | "list" | "ordered" | "quote" | "codeBlock"
 */
export function format(kind, value, from, to) {
  if (kind in WRAPS) return wrap(WRAPS[kind], value, ...trimmed(value, from, to));
  if (kind === "link") return link(value, ...trimmed(value, from, to));
  const [first, last] = wholeLines(value, from, to);
  return kind === "codeBlock" ? block(value, first, last) : prefix(kind, value, first, last);
}

/** A selected text and an address that is pasted over it: the link, or null where that is not meant. */
export function pastedLink(selected, pasted) {
  const address = pasted.trim();
  if (!URL.test(address) || !selected.trim() || selected.includes("\n") || URL.test(selected.trim())) return null;
  const target = /[()]/.test(address) ? `<${address}>` : address;
  return `[${selected.replace(/[[\]\\]/g, "\\$&")}](${target})`;
}

function wrap(sign, value, from, to) {
  const inner = value.slice(from, to);
  const length = sign.length;
  if (isWrapped(sign, runBefore(value, from, sign[0]), runAfter(value, to, sign[0]))) {
    return { from: from - length, to: to + length, text: inner, start: from - length, end: to - length };
  }
  const [before, after] = [runAfter(value, from, sign[0]), runBefore(value, to, sign[0])];
  if (inner.length > 2 * length && isWrapped(sign, before, after)) {
    return { from, to, text: inner.slice(length, -length), start: from, end: to - 2 * length };
  }
  return { from, to, text: sign + inner + sign, start: from + length, end: to + length };
}

/** Whether signs on both sides mean this: *** is bold and italic. */
function isWrapped(sign, before, after) {
  const count = Math.min(before, after);
  return sign === "*" ? count === 1 || count === 3 : count >= sign.length;
}

function runBefore(value, at, sign) {
  let count = 0;
  while (count < 3 && value[at - 1 - count] === sign) count += 1;
  return count;
}

function runAfter(value, at, sign) {
  let count = 0;
  while (count < 3 && value[at + count] === sign) count += 1;
  return count;
}

function link(value, from, to) {
  const inner = value.slice(from, to);
  if (URL.test(inner)) return { from, to, text: `[](${inner})`, start: from + 1, end: from + 1 };
  const at = from + inner.length + 3;
  return inner
    ? { from, to, text: `[${inner}](https://)`, start: at, end: at + 8 }
    : { from, to, text: "[](https://)", start: from + 1, end: from + 1 };
}

function prefix(kind, value, from, to) {
  const lines = value.slice(from, to).split("\n");
  const isOn = lines.every((line) => LINES[kind].test(line));
  const bare = (line) =>
    Object.values(LINES).reduce((rest, mark) => rest === line ? line.replace(mark, "") : rest, line);
  const text = lines
    .map((line, at) =>
      isOn ? line.replace(LINES[kind], "") : PREFIXES[kind](at) + (kind === "quote" ? line : bare(line))
    )
    .join("\n");
  const end = from + text.length;
  return { from, to, text, start: lines.length > 1 ? from : end, end };
}

function block(value, from, to) {
  const inner = value.slice(from, to);
  const found = /^```[^\n]*\n([\s\S]*)\n```$/.exec(inner);
  if (found) return { from, to, text: found[1], start: from, end: from + found[1].length };
  return { from, to, text: `\`\`\`\n${inner}\n\`\`\``, start: from + 4, end: from + 4 + inner.length };
}

/** Without white space at its ends, which Markdown would not take for a part of it. */
function trimmed(value, from, to) {
  const inner = value.slice(from, to);
  if (!inner.trim()) return [from, to];
  return [from + inner.length - inner.trimStart().length, to - inner.length + inner.trimEnd().length];
}

function wholeLines(value, from, to) {
  const end = value.indexOf("\n", Math.max(from, value[to - 1] === "\n" ? to - 1 : to));
  return [value.lastIndexOf("\n", from - 1) + 1, end < 0 ? value.length : end];
}
