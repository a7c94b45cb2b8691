// Messages of blocked people that stand together, behind one line that opens them.

import { reconcileChildren } from "../lib/reconcile_children.js";
import { t } from "../lib/texts.js";

const template = () => document.getElementById("fold-template");

/** For one render: foldOf(nodes, messages) returns their element, the same one as long as one message remains. */
export function makeFolds() {
  const used = new Set();

  return (nodes, messages) => {
    const known = nodes.map((node) => node.parentElement).find((parent) =>
      parent?.matches(".fold") && !used.has(parent)
    );
    const fold = known ?? template().content.firstElementChild.cloneNode(true);
    used.add(fold);
    const summary = fold.querySelector("summary");
    const senders = new Set(messages.map(({ sender }) => sender.id));
    summary.querySelector(".fold-count").textContent = t(senders.size > 1 ? "foldedSeveral" : "folded", {
      count: messages.length,
    });
    reconcileChildren(fold, [summary, ...nodes]);
    return fold;
  };
}
