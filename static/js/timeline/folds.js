// Messages that stand together behind one line that opens them: those of blocked people, and notices that repeat.

import { reconcileChildren } from "../lib/reconcile_children.js";
import { shownName } from "../lib/people.js";
import { t } from "../lib/texts.js";
import { isFolded } from "../state/blocked.js";
import { repeatsNotice, runText } from "../state/notice_runs.js";

const template = () => document.getElementById("fold-template");

/** Whether a message may stand in a fold: alone, or with the one before it. */
export const isFoldable = (message, blocked) => isFolded(message, blocked) || repeatsNotice(message, message);

/** Whether it goes into the fold that ends with `last`. */
export const joinsFold = (last, message, blocked) =>
  isFolded(message, blocked) ? isFolded(last, blocked) : repeatsNotice(last, message);

/** For one render: foldOf(nodes, messages) returns their element, the same one as long as one message remains. */
export function makeFolds() {
  const used = new Set();

  return (nodes, messages) => {
    const isRun = repeatsNotice(messages[0], messages[0]);
    if (isRun && nodes.length === 1) return nodes[0];
    const known = nodes.map((node) => node.parentElement).find((parent) =>
      parent?.matches(".fold") && !used.has(parent)
    );
    const fold = known ?? template().content.firstElementChild.cloneNode(true);
    used.add(fold);
    const summary = fold.querySelector("summary");
    fold.classList.toggle("notices", isRun);
    const text = isRun ? `${shownName(messages[0].sender)} ${runText(messages)}` : blockedText(messages);
    const count = summary.querySelector(".fold-count");
    if (count.textContent !== text) count.textContent = text;
    reconcileChildren(fold, [summary, ...nodes]);
    return fold;
  };
}

function blockedText(messages) {
  const senders = new Set(messages.map(({ sender }) => sender.id));
  return t(senders.size > 1 ? "foldedSeveral" : "folded", { count: messages.length });
}
