// A right click on a room in the sidebar, or the keyboard's menu key. It is there from the beginning: the first click may
// come before the rest of the menu is loaded, and the browser would show its own.

import { emit } from "../core/bus.js";

export function startContextMenu() {
  document.getElementById("side").addEventListener("contextmenu", (event) => {
    const { target, clientX: x, clientY: y } = event;
    const row = target.closest("li[data-room]");
    if (!row || event.pointerType === "touch") return;
    event.preventDefault();
    emit("room-menu", { row, place: x || y ? { x, y } : { at: target } });
  });
}
