// The text of an answer while it is written: what the server has rendered of it, and a preview of the rest.

import { morphChildren } from "../lib/morph.js";
import { parseHtml } from "../lib/trusted_html.js";

const LONG = 4000; // characters of a preview; a longer one is made anew less often
const MS_PER_CHARACTER = 0.05;
const shownByElement = new WeakMap(); // element → what it shows
const waiting = new Map(); // element → what to show of it once the preview is loaded
let previewMarkdown = null;
let loading = null;

/**
 * Show the text so far. parts: as in state/reply_text.js. enhance(fragment): add what the page adds to HTML of messages.
 */
export function showStreamingText(element, message, enhance) {
  const { message: text, parts = [] } = message;
  if (!previewMarkdown) {
    waiting.set(element, [message, enhance]);
    loadPreview();
  }
  const shown = shownOf(element, text, parts);
  clearTimeout(shown.timer);
  const fresh = parts.slice(shown.parts.length);
  const rest = text.length - (fresh.at(-1)?.to ?? shown.end);
  const wait = rest > LONG && !fresh.length ? shown.due - performance.now() : 0;
  if (wait > 0) shown.timer = setTimeout(() => element.isConnected && draw(element, shown, text, [], enhance), wait);
  else draw(element, shown, text, fresh, enhance);
}

/** At the first answer, which begins without words: nobody waits for it. */
function loadPreview() {
  loading ??= import("../lib/markdown_preview.js").then((module) => {
    previewMarkdown = module.previewMarkdown;
    for (const [element, [message, enhance]] of waiting) showStreamingText(element, message, enhance);
    waiting.clear();
  }, () => (loading = null));
}

/** Show the HTML of the whole. */
export function showFinishedText(element, html, enhance) {
  waiting.delete(element);
  clearTimeout(shownByElement.get(element)?.timer);
  shownByElement.delete(element);
  morphChildren(element, enhanced([parseHtml(html)], enhance));
}

/** What the element shows of this text and these parts; nothing, when they have changed. */
function shownOf(element, text, parts) {
  const known = shownByElement.get(element);
  if (known && text.startsWith(known.text) && known.parts.every((part, place) => part === parts[place])) return known;
  clearTimeout(known?.timer);
  const shown = { text: "", parts: [], nodes: 0, end: 0, due: 0, timer: 0 };
  shownByElement.set(element, shown);
  return shown;
}

/** fresh: parts that are not shown yet. They take the place of what was a preview of them. */
function draw(element, shown, text, fresh, enhance) {
  const began = performance.now();
  const stays = shown.nodes;
  const nodes = [];
  for (const part of fresh) {
    nodes.push(...previewNodes(text.slice(shown.end, part.from)), parseHtml(part.html));
    shown.end = part.to;
  }
  const finished = enhanced(nodes, enhance);
  const preview = enhanced(previewNodes(text.slice(shown.end)), enhance);
  morphChildren(element, [...finished, ...preview], stays);
  shown.text = text;
  shown.parts = [...shown.parts, ...fresh];
  shown.nodes += finished.length;
  shown.due = began + (text.length - shown.end) * MS_PER_CHARACTER;
}

function enhanced(nodes, enhance) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  removeGaps(fragment);
  enhance(fragment);
  return [...fragment.childNodes];
}

const previewNodes = (text) => previewOf(text).map(createNode);
const previewOf = (text) => previewMarkdown?.(text) ?? (text ? [["p", {}, text]] : []);

function createNode(data) {
  if (typeof data === "string") return document.createTextNode(data);
  const [tag, attributes, ...nodes] = data;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...nodes.map(createNode));
  return element;
}

/** Remove the line breaks between elements, which the server writes and nobody sees. */
function removeGaps(fragment) {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const gaps = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (/^\n+$/.test(node.data) && !node.parentElement?.closest("pre, p")) gaps.push(node);
  }
  for (const gap of gaps) gap.remove();
}
