// What a bot's model says of its thoughts, folded above its answer. It is not kept: whoever comes later sees none of it.

import { t } from "../lib/texts.js";

/** thoughts: {text, seconds}, or undefined: there are none, or they are gone. */
export function fillThoughts(node, message, thoughts) {
  let box = node.querySelector("details.thoughts");
  if (!thoughts) return box?.remove();
  if (!box) {
    box = document.createElement("details");
    box.className = "thoughts";
    box.append(document.createElement("summary"), document.createElement("div"));
    node.querySelector(".text").before(box);
  }
  const [summary, text] = box.children;
  const words = t(message.state === "streaming" && !message.message ? "thinkingFor" : "thoughtFor", thoughts);
  if (summary.textContent !== words) summary.textContent = words;
  if (text.textContent !== thoughts.text) text.textContent = thoughts.text;
}
