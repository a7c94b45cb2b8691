// Shows the status emoji of somebody who is here, beside their name in the head of a message.

import { showEmoji } from "../lib/own_emoji.js";
import { currentStatus } from "../lib/people.js";
import { statusLine } from "../lib/status_line.js";

const shownByNode = new WeakMap(); // node of a message → the emoji and the words that it shows

/** person: from the list of those who are here; undefined if they are not. */
export function showAuthorStatus(node, person) {
  const emoji = (person && currentStatus(person)?.emoji) ?? "";
  const words = emoji && statusLine(person);
  if ((shownByNode.get(node) ?? "") === words) return;
  shownByNode.set(node, words);
  node.querySelector(".author-status")?.remove();
  if (!emoji) return;
  const mark = Object.assign(document.createElement("span"), { className: "author-status", title: words, role: "img" });
  mark.ariaLabel = words;
  showEmoji(mark, emoji);
  node.querySelector(".author").after(" ", mark);
}
