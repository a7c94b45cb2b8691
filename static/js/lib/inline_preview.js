// Words of Markdown as they will look, before the server has rendered them. Pure: data in, data out.

// What changes how words look: an escaped sign, code, emphasis, a link, an address, the end of a line.
const SIGNS = /\\[!-/:-@[-`{-~]|`+|\*{1,3}|_{1,3}|~~|!?\[|https?:\/\/[^\s<>]*|\n/g;
const LINK = /!?\[([^[\]\n]{0,300})\](?:\([^()\s]{0,1000}(?:\)|$)|(?!\())/y;
const CITATION = /^#\d{1,18}(?:\/\d{1,2})?(?:[,;] ?#\d{1,18}(?:\/\d{1,2})?){0,20}$/;
const TAGS = { 1: ["em"], 2: ["strong"], 3: ["em", "strong"] };

/**
 * The nodes of a paragraph: strings, and elements as [tag, attributes, ...nodes]. What was begun and is not closed runs
 * to the end: the rest of it is on its way.
 */
export function previewInline(text) {
  const open = [{ nodes: [], sign: "" }]; // the paragraph, and the emphasis within each other
  const unclosed = new Set(); // lengths of backtick runs that have no partner
  const add = (node) => node !== "" && open.at(-1).nodes.push(node);
  let at = 0;
  for (SIGNS.lastIndex = 0;;) {
    const found = SIGNS.exec(text);
    add(text.slice(at, found?.index));
    if (!found) break;
    const [sign] = found;
    at = found.index + sign.length;
    if (sign === "\n") add(["br", {}]), add("\n");
    else if (sign[0] === "\\") add(sign[1]);
    else if (sign[0] === "`") at = addCode(text, at, sign, unclosed, add);
    else if (sign[0] === "h") add(["a", {}, sign]);
    else if (sign.endsWith("[")) at = addLink(text, found.index, sign, add);
    else emphasize(text, found.index, sign, open, add);
    SIGNS.lastIndex = at;
  }
  while (open.length > 1) close(open);
  return joinStrings(open[0].nodes);
}

function addCode(text, at, sign, unclosed, add) {
  const end = unclosed.has(sign.length) ? -1 : partnerOf(text, at, sign);
  if (end < 0 && unclosed.size) add(sign); // only the first one is taken for code that goes on
  else if (end < 0) add(code(text.slice(at)));
  else add(code(text.slice(at, end)));
  if (end >= 0) return end + sign.length;
  const first = !unclosed.size;
  unclosed.add(sign.length);
  return first ? text.length : at;
}

/** Where the next run of exactly as many backticks begins; -1: nowhere. */
function partnerOf(text, from, sign) {
  for (let at = text.indexOf(sign, from); at >= 0;) {
    let end = at;
    while (text[end] === "`") end += 1;
    if (end - at === sign.length) return at;
    at = text.indexOf(sign, end);
  }
  return -1;
}

function code(text) {
  const line = text.replaceAll("\n", " ");
  return ["code", {}, /^ .* $/.test(line) && line.trim() ? line.slice(1, -1) : line];
}

function addLink(text, at, sign, add) {
  LINK.lastIndex = at;
  const found = LINK.exec(text);
  const isLink = found && (CITATION.test(found[1]) || found[0].includes("]("));
  if (!isLink) {
    add(sign);
    return at + sign.length;
  }
  add(["a", {}, ...(found[1] ? [found[1]] : [])]);
  return at + found[0].length;
}

function emphasize(text, at, sign, open, add) {
  const [before, after] = [text[at - 1] ?? " ", text[at + sign.length] ?? " "];
  const inWord = sign[0] === "_" && isWord(before) && isWord(after);
  const opener = open.findLastIndex((each) => each.sign === sign);
  if (opener > 0 && before.trim() && !inWord) {
    while (open.length > opener) close(open);
  } else if (after.trim() && !inWord) {
    open.push({ nodes: [], sign });
  } else if (at + sign.length < text.length) {
    add(sign); // at the very end it is the beginning of something
  }
}

const isWord = (sign) => /[\p{L}\p{N}]/u.test(sign);

function close(open) {
  const { nodes, sign } = open.pop();
  const tags = sign === "~~" ? ["s"] : TAGS[sign.length];
  const [element] = tags.reduceRight((inner, tag) => [[tag, {}, ...inner]], joinStrings(nodes));
  open.at(-1).nodes.push(element);
}

function joinStrings(nodes) {
  const joined = [];
  for (const node of nodes) {
    if (typeof node === "string" && typeof joined.at(-1) === "string") joined[joined.length - 1] += node;
    else joined.push(node);
  }
  return joined;
}
