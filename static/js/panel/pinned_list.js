// Keeps the list of pinned messages up to date while the panel shows it. Starts when it first does.

import { emit, on } from "../core/bus.js";
import { makeLater } from "../core/scope.js";

const DELAY = 300; // milliseconds: of several changes only the last one is waited for
const REPEATS = 2; // how often a list that was just loaded is loaded again; the page itself may be behind

export function startPinnedList(store) {
  const later = makeLater();
  let timer;
  let left = REPEATS;

  const row = (id) => document.querySelector(`#pins [data-pin="${id}"]`);
  on("wire-message", (message) => {
    if (!document.getElementById("pins")) return;
    const isAnswer = message.kind === "bot" && row(message.id); // asked again: it says something else
    if (!isAnswer && !isOutdated(row(message.id), message)) return;
    left = REPEATS;
    refreshSoon();
  });
  on("wire-reset", refreshSoon);
  on("pins-shown", () => { // what came while the list was on its way
    const isBehind = [...store.state.messages.values()].some((message) => isOutdated(row(message.id), message));
    if (isBehind && left > 0) refreshSoon();
    left = isBehind ? left - 1 : REPEATS;
  });

  function refreshSoon() {
    clearTimeout(timer);
    timer = later(DELAY, () => emit("panel-outdated", { tab: "pins" }));
  }
}

/** row: of the message, or null. A reaction changes nothing here. */
function isOutdated(row, { pinned, edited }) {
  if (!row || !pinned) return Boolean(row) !== Boolean(pinned);
  return row.dataset.edited !== (edited ? String(Math.floor(Date.parse(edited) / 1000)) : "");
}
