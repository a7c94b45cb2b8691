// Citations: links to the messages that an answer was made from, as numbers of its sources, and a card of what is there.

import { emit } from "../core/bus.js";

const CITATION = /^#\d{1,18}(?:\/\d{1,2})?$/; // of a message, or of a file of it

/** Mark the links that are citations; in a preview they have no address yet. */
export function markCitations(node) {
  for (const link of node.querySelectorAll("a")) {
    const address = link.getAttribute("href");
    if (CITATION.test(link.textContent) && (address === null || address.endsWith(`#m${link.textContent.slice(1)}`))) {
      link.classList.add("cite");
    }
  }
}

/** Number the citations of one message in the order in which they come; a source that comes again keeps its number. */
export function numberCitations(node) {
  const numbers = new Map();
  for (const link of node.querySelectorAll("a.cite")) {
    const [id] = link.textContent.split("/");
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    link.dataset.number = numbers.get(id);
  }
}

/** Show the card of a citation that is pointed at or focused. */
export function startCitations(log) {
  for (const name of ["pointerover", "focusin"]) {
    log.addEventListener(name, ({ target, pointerType }) => {
      const link = target.closest("a.cite[href]");
      if (link && pointerType !== "touch") emit("show-source", { link });
    });
  }
}
