// Names, pictures and mentions open a card of whom they show; so does every link with `data-card`. The card itself is
// loaded at the first of them (panel/card.js). Without a script the links lead to pages.

import { emit } from "../core/bus.js";

export function startCardLinks() {
  document.addEventListener("click", (event) => {
    const modified = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    const anchor = modified || event.defaultPrevented ? null : anchorAt(event.target);
    if (!anchor) return;
    event.preventDefault();
    emit("show-card", anchor);
  });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!["Enter", " "].includes(key) || !target.matches?.(".mention[role=button]")) return;
    event.preventDefault();
    emit("show-card", anchorAt(target));
  });
}

/** {node, address}: what stands under the pointer, and whose card it opens; null for nothing. */
function anchorAt(target) {
  const link = target.closest?.("a[data-card]");
  if (link) return { node: link, address: link.href };
  const mention = target.closest?.(".text .mention");
  if (mention && !isCall(mention)) {
    return { node: mention, address: pageOf(mention.textContent.replace(/^[@＠]/u, "")) };
  }
  const author = target.closest?.(".message > .avatar")?.parentElement.querySelector(".author");
  return author ? { node: author, address: author.href } : null;
}

/** Whether a mention is of nobody by name, but of all who are here, of the room, or of a group. */
export const isCall = ({ dataset: { user = "" } }) => user !== "" && !Number(user);

const pageOf = (name) => new URL(`/people/${encodeURIComponent(name)}/`, location.href).href;
