// Keeps the list of pinned messages up to date while the panel shows it.

import { emit, on } from "../core/bus.js";
import { makeLater } from "../core/scope.js";

const DELAY = 300; // milliseconds: of several changes only the last one is waited for

export function startPinnedList() {
  const later = makeLater();
  let timer;

  on("wire-message", (message) => {
    const list = document.getElementById("pins");
    if (list && isOutdated(list.querySelector(`[data-pin="${message.id}"]`), message)) refreshSoon();
  });
  on("wire-reset", refreshSoon);

  function refreshSoon() {
    clearTimeout(timer);
    timer = later(DELAY, () => emit("panel-outdated", { tab: "pins" }));
  }
}

/** row: of the message, or null. A reaction changes nothing here. */
function isOutdated(row, { pinned, edited, kind }) {
  if (!row || !pinned) return Boolean(row) !== Boolean(pinned);
  return kind === "bot" || row.dataset.edited !== (edited ? String(Math.floor(Date.parse(edited) / 1000)) : "");
}
