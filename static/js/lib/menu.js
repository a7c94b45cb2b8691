// What all menus do that are opened by a button, a right click, or a resting finger: where they stand, and their keys.

/** Put an open menu at an element (`at`) or a point (`x`, `y`), within the window. */
export function placeMenu(menu, { at, x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  const anchor = at?.getBoundingClientRect() ?? { left: x, right: x + width, top: y, bottom: y };
  const isBelow = anchor.bottom + height + 8 < innerHeight;
  const top = isBelow ? anchor.bottom + 2 : Math.max(8, Math.min(anchor.top - height - 2, innerHeight - height - 8));
  const left = at?.matches(".message") ? anchor.left + 48 : anchor.right - width;
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

export const menuItems = (menu) =>
  [...menu.querySelectorAll("button")].filter((button) => button.offsetParent !== null);

/** Arrows, Home, End and Tab go from entry to entry. */
export function walkMenu(menu, event) {
  const all = menuItems(menu);
  const at = all.indexOf(document.activeElement);
  const next = {
    ArrowDown: all[(at + 1) % all.length],
    ArrowUp: all.at(at - 1),
    Home: all[0],
    End: all.at(-1),
    Tab: all[(at + 1) % all.length],
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
