// A right click on a room in the sidebar, the keyboard's menu key, or a resting finger where the browser tells of it; also
// in the list of my rooms that a phone begins with. It is there from the beginning: the first may come before the rest of
// the menu is loaded, and the browser would show its own.

import { emit } from "../core/bus.js";

export function startContextMenu() {
  document.addEventListener("contextmenu", (event) => {
    const { target, clientX: x, clientY: y, pointerType } = event;
    const item = target.closest(":is(#side, .my-cards) li[data-room]");
    const row = item && rowOf(item);
    if (!row || event.defaultPrevented) return; // long_press.js was faster
    event.preventDefault();
    const sheet = pointerType === "touch" && { sheet: true, at: item.querySelector("a") };
    emit("room-menu", { row, place: sheet || (x || y ? { x, y } : { at: target }) });
  });
}

/** The row of that room in the sidebar, which knows all of it. */
const rowOf = ({ dataset: { room } }) => document.querySelector(`#side li[data-room="${CSS.escape(room)}"]`);
