// The reactions under a message, each with how many people chose it.

import { showEmoji } from "../lib/own_emoji.js";
import { reconcileChildren } from "../lib/reconcile_children.js";
import { visibleReactions } from "../state/blocked.js";

const template = () => document.getElementById("reaction-template");

export function fillReactions(node, { reactions, deleted }, { me, blocked }) {
  const box = node.querySelector(".reactions");
  const before = new Map([...box.children].map((button) => [button.dataset.emoji, button]));
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  reconcileChildren(
    box,
    (deleted ? [] : visibleReactions(reactions, blocked)).map(({ emoji, users }) => {
      const button = before.get(emoji) ?? template().content.firstElementChild.cloneNode(true);
      button.dataset.emoji = emoji;
      button.title = ""; // who they are: see reaction_tooltip.js
      button.setAttribute("aria-pressed", users.includes(me.id));
      showEmoji(button.querySelector("span"), emoji);
      button.querySelector("b").textContent = users.length;
      return button;
    }),
  );
  if (focused && !focused.isConnected) node.focus({ preventScroll: true });
}
