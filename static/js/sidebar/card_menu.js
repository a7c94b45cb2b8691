// The list of my rooms that a phone begins with: a finger that rests on one opens the same menu as in the sidebar.

import { emit } from "../core/bus.js";
import { onLongPress } from "../lib/long_press.js";

const ROW = "li[data-room]";

export function startCardMenu() {
  onLongPress(document.querySelector(".my-cards"), `${ROW} > a`, (target) => {
    const card = target.closest(ROW);
    const row = card && document.querySelector(`#side ${ROW}[data-room="${CSS.escape(card.dataset.room)}"]`);
    if (row) emit("room-menu", { row, place: { sheet: true, at: card.querySelector("a") } });
  });
}
