// What is being written looks as the server's HTML of it will. rooms/tests/test_markup.py holds rendered.json to that.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { previewMarkdown } from "../lib/markdown_preview.js";

const RENDERED = JSON.parse(readFileSync(new URL("rendered.json", import.meta.url), "utf8"));
const VOID = new Set(["br", "hr", "input"]);

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function toHtml(node) {
  if (typeof node === "string") return escaped(node);
  const [tag, attributes, ...nodes] = node;
  const written = Object.entries(attributes).sort().map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${written.join("")}>${nodes.map(toHtml).join("")}${VOID.has(tag) ? "" : `</${tag}>`}`;
}

/** HTML with the attributes of each tag in order, without colours of code and without gaps between tags. */
const normal = (html) =>
  html
    .replace(/<\/?span[^>]*>/g, "")
    .replace(/<(\w+)((?: [\w-]+="[^"]*")+)>/g, (_all, tag, list) =>
      `<${tag}${list.match(/ [\w-]+="[^"]*"/g).sort().join("")}>`)
    .replace(/\n+</g, "<").trim();

const preview = (text) => normal(previewMarkdown(text).map(toHtml).join(""));

for (const { text, html } of RENDERED) {
  test(`as the server: ${JSON.stringify(text)}`, () => assert.equal(preview(text), normal(html)));
}

const OPEN = [
  ["**bold, and it goes on", "<p><strong>bold, and it goes on</strong></p>"],
  ["some *em **and strong", "<p>some <em>em <strong>and strong</strong></em></p>"],
  ["words **", "<p>words </p>"],
  ["words `code goes on", "<p>words <code>code goes on</code></p>"],
  ["see [the page](https://exam", "<p>see <a>the page</a></p>"],
  ["see [#12]", "<p>see <a>#12</a></p>"],
  ["see [#12/1]", "<p>see <a>#12/1</a></p>"],
  ["a [note] in brackets", "<p>a [note] in brackets</p>"],
  ["```py\nx = 1\ny", '<pre class="code" data-language="py"><code>x = 1\ny\n</code></pre>'],
  ["Words:\n\n-", "<p>Words:</p>"],
  ["Words:\n\n1", "<p>Words:</p>"],
  ["Words\n--", "<p>Words</p>"],
  ["| a | b |", "<p>| a | b |</p>"],
  ["| a | b |\n|--", "<p>| a | b |<br>\n|--</p>"],
  ["<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"],
];
for (const [text, html] of OPEN) {
  test(`on its way: ${JSON.stringify(text)}`, () => assert.equal(preview(text), normal(html)));
}

test("only elements that the server's HTML may have, and no address", () => {
  const TAGS = new Set(
    "p br hr strong em s a code pre blockquote ul ol li input h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
  );
  const ATTRIBUTES = new Set(["class", "dir", "start", "data-language", "type", "disabled", "checked"]);
  const check = (node) => {
    if (typeof node === "string") return;
    assert.ok(TAGS.has(node[0]), node[0]);
    for (const name of Object.keys(node[1])) assert.ok(ATTRIBUTES.has(name), name);
    node.slice(2).forEach(check);
  };
  const signs = [
    "*",
    "`",
    "[",
    "](",
    ")",
    "<a href=x>",
    "\n",
    "- ",
    "> ",
    "|",
    "# ",
    "```",
    "javascript:",
    "word",
    " ",
    "1. ",
  ];
  let seed = 7;
  const next = () => (seed = (seed * 48271) % 2147483647);
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: next() % 30 }, () => signs[next() % signs.length]).join("");
    previewMarkdown(text).forEach(check);
  }
});
