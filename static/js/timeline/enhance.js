// What the page adds to the HTML of messages, which is the same for everybody.

import { isCall } from "../lib/card_links.js";
import { isRightToLeft } from "../lib/message_text.js";
import { t } from "../lib/texts.js";
import { markCitations } from "./citations.js";
import { enhanceCode } from "./code_blocks.js";

/** Show the name of an emoji whose picture is gone. */
function showNameOf(image) {
  if (image.complete && !image.naturalWidth) image.replaceWith(image.alt);
  else image.addEventListener("error", () => image.replaceWith(image.alt));
}

/**
 * Add to the HTML of a message, in a node or a fragment: highlighted mentions of me, buttons that copy code, labels of
 * checkboxes, the direction of paragraphs that begin at the right.
 */
export function enhance(node, me) {
  const text = node.querySelector(".text") ?? node;
  for (const block of text.children) {
    if (block.matches("p, h1, h2, h3") && isRightToLeft(block.textContent)) block.dir = "rtl";
  }
  for (const mention of node.querySelectorAll(".mention")) {
    const { user } = mention.dataset;
    mention.classList.toggle("me", [String(me.id), "here", "room"].includes(user));
    if (isCall(mention)) continue;
    mention.tabIndex = 0; // opens the card of whom it names: see lib/card_links.js
    mention.role = "button";
  }
  for (const box of node.querySelectorAll(".task-list-item-checkbox")) {
    box.ariaLabel = t(box.checked ? "taskDone" : "taskOpen");
  }
  for (const image of node.querySelectorAll(".own-emoji")) showNameOf(image);
  enhanceCode(node);
  markCitations(node);
}
