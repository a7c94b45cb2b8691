// Opens the menu of a room in the sidebar: by a button in the row that is pointed at or has the focus, and by a finger
// that rests on the row; context_menu.js, by a right click. The menu is loaded then (room_menu.js); this, when somebody
// comes near the sidebar.

import { emit } from "../core/bus.js";
import { onLongPress } from "../lib/long_press.js";
import { t } from "../lib/texts.js";

const ROW = "li[data-room]";

/** press: the pointerdown of a finger that rests there already, or null. */
export function startRoomMenuOpener(press) {
  const side = document.getElementById("side");
  const more = document.getElementById("room-more-template").content.firstElementChild; // one, in one row at a time

  side.addEventListener("pointerover", ({ target, pointerType }) => pointerType !== "touch" && offer(target));
  side.addEventListener("focusin", ({ target }) => more.contains(target) || offer(target));
  more.addEventListener("click", () => open(more, { at: more }));
  onLongPress(side, `${ROW} > a`, (target) => target.closest(ROW) && open(target, { sheet: true }), press);

  function offer(target) {
    const row = target.closest(ROW);
    if (!row || row.contains(more) || more.contains(document.activeElement)) return;
    more.setAttribute("aria-label", t("roomActions", { name: row.dataset.title }));
    row.append(more);
  }

  const near = side.querySelector(`${ROW}:is(:hover, :focus-within)`);
  if (near) offer(near);

  const open = (target, place) => emit("room-menu", { row: target.closest(ROW), place });
}
