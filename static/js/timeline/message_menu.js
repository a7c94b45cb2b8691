// The menu of a message: of its bar, of a right click, and from below of a finger that rests on it.

import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { menuItems, placeMenu, walkMenu } from "../lib/menu.js";
import { t } from "../lib/texts.js";

const QUICK = "#actions-template";

export function startMessageMenu() {
  const menu = document.getElementById("message-menu");
  const emoji = menu.querySelector(".menu-emoji");
  let shown = null; // {node, message, opener, isPressed}

  emoji.append(...quickReactions());
  on("message-menu", ({ node, message, names, place, isBlocked }) => {
    if (isOpen()) menu.hidePopover();
    shown = { node, message, opener: place.at ?? null, isPressed: !place.sheet };
    fill(message, names, isBlocked);
    // Lifting the finger that rested on the message would close a popover that closes by itself.
    menu.popover = place.sheet ? "manual" : "auto";
    menu.classList.toggle("from-below", Boolean(place.sheet));
    node.classList.add("menu-open");
    shown.opener?.setAttribute("aria-expanded", "true");
    menu.showPopover();
    if (!place.sheet) placeMenu(menu, place);
    menuItems(menu)[0]?.focus();
  });
  menu.addEventListener("pointerdown", () => (shown.isPressed = true));
  menu.addEventListener("click", ({ target, detail }) => {
    const button = target.closest("button");
    // The finger that opened it is lifted where a button has come to be.
    if (!button || !shown || (detail && !shown.isPressed)) return;
    const { message, node, opener } = shown;
    menu.hidePopover();
    // Where the focus returns when what it opens is closed.
    const back = opener?.isConnected ? opener : node;
    if (!document.activeElement?.closest(".message")) back.focus({ preventScroll: true });
    emit("message-action", { name: button.dataset.do, id: message.id, button: back, emoji: button.dataset.emoji });
  });
  listen(document, "pointerdown", ({ target }) => {
    if (menu.popover === "manual" && isOpen() && !menu.contains(target)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.popover === "manual") return close();
    walkMenu(menu, event);
  });
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "closed" || !shown) return;
    shown.node.classList.remove("menu-open");
    shown.opener?.removeAttribute("aria-expanded");
  });
  listen(globalThis, "resize", () => isOpen() && menu.hidePopover());

  const isOpen = () => menu.matches(":popover-open");

  function close() {
    menu.hidePopover();
    shown.node.focus({ preventScroll: true });
  }

  function fill(message, names, isBlocked) {
    for (const button of menu.querySelectorAll("[data-do]")) button.hidden = !names.has(button.dataset.do);
    emoji.hidden = !names.has("react");
    menu.querySelector("[data-do=block]").textContent = t(isBlocked ? "unblock" : "block", {
      name: message.sender.name,
    });
  }
}

/** The same as in the bar, and the one that opens all of them. */
function quickReactions() {
  const all = document.querySelector(QUICK).content.querySelectorAll("[data-do=react]");
  return Array.from(all, (button) => {
    const copy = button.cloneNode(true);
    copy.setAttribute("role", "menuitem");
    copy.tabIndex = -1;
    copy.classList.remove("icon-button");
    return copy;
  });
}
