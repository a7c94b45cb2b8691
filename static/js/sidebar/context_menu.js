// A right click on a room in the sidebar, the keyboard's menu key, or a resting finger where the browser tells of it. It
// is there from the beginning: the first may come before the rest of the menu is loaded, and the browser would show its
// own.

import { emit } from "../core/bus.js";

export function startContextMenu() {
  document.getElementById("side").addEventListener("contextmenu", (event) => {
    const { target, clientX: x, clientY: y, pointerType } = event;
    const row = target.closest("li[data-room]");
    if (!row) return;
    event.preventDefault();
    emit("room-menu", { row, place: pointerType === "touch" ? { sheet: true } : x || y ? { x, y } : { at: target } });
  });
}
