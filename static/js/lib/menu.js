// Menus that are opened by a button, a right click, or a resting finger: where they stand, and how one moves in them.

/**
 * choose(button): what is pressed, once the menu is closed. Returns open(place, back, closed).
 *
 * place: {at: an element} or {x, y}, or {sheet: true} for a finger, from below. back(): puts the focus where it was;
 * closed(): however it was closed.
 */
export function makeMenu(menu, choose) {
  let opened = null; // {back, closed, isPressed, ended: of listeners beside the menu}
  const isOpen = () => menu.matches(":popover-open");

  menu.addEventListener("pointerdown", () => (opened.isPressed = true));
  menu.addEventListener("click", ({ target, detail }) => {
    const button = target.closest("button");
    // The finger that opened it is lifted where a button has come to be.
    if (!button || (detail && !opened.isPressed)) return;
    close();
    choose(button);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return walk(menu, event);
    event.preventDefault();
    event.stopPropagation(); // a drawer that it was opened from stays
    close();
  });
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "closed" || !opened) return;
    opened.ended.abort();
    tellExpanded(opened.place, false);
    opened.closed?.();
  });

  function close() {
    menu.hidePopover();
    opened.back();
  }

  return function open(place, back, closed) {
    if (isOpen()) menu.hidePopover();
    const ended = new AbortController();
    opened = { place, back, closed, ended, isPressed: !place.sheet };
    // Lifting the finger that rested on something would close a popover that closes by itself.
    menu.popover = place.sheet ? "manual" : "auto";
    menu.classList.toggle("from-below", Boolean(place.sheet));
    tellExpanded(place, true);
    menu.showPopover();
    if (!place.sheet) put(menu, place);
    items(menu)[0]?.focus();
    document.addEventListener("pointerdown", ({ target }) => {
      if (place.sheet && isOpen() && !menu.contains(target)) close();
    }, ended);
    addEventListener("resize", () => isOpen() && menu.hidePopover(), ended);
  };
}

/** Of a button; a message or a row has no such state. */
function tellExpanded({ at }, isExpanded) {
  if (at?.ariaExpanded) at.ariaExpanded = isExpanded;
}

function put(menu, { at, x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  const anchor = at?.getBoundingClientRect() ?? { left: x, right: x + width, top: y, bottom: y };
  const isBelow = anchor.bottom + height + 8 < innerHeight;
  const top = isBelow ? anchor.bottom + 2 : Math.max(8, Math.min(anchor.top - height - 2, innerHeight - height - 8));
  const left = at?.matches(".message") ? anchor.left + 48 : anchor.right - width;
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

const items = (menu) => [...menu.querySelectorAll("button")].filter((button) => button.offsetParent !== null);

/** Arrows, Home, End and Tab go from entry to entry. */
function walk(menu, event) {
  const all = items(menu);
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
