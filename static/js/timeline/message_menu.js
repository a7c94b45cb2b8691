// The menu of a message: of its bar, of a right click, and from below of a finger that rests on it.

import { emit, on } from "../core/bus.js";
import { makeMenu } from "../lib/menu.js";
import { t } from "../lib/texts.js";

const QUICK = "#actions-template";

export function startMessageMenu() {
  const menu = document.getElementById("message-menu");
  const emoji = menu.querySelector(".menu-emoji");
  let shown = null; // {node, message, place}
  const open = makeMenu(menu, ({ dataset }) => {
    const { message } = shown;
    emit("message-action", { name: dataset.do, id: message.id, button: opener(), emoji: dataset.emoji });
  });
  // Where the focus returns, also when what an action opens is closed.
  const opener = () => shown.place.at?.isConnected ? shown.place.at : shown.node;

  emoji.append(...quickReactions());
  on("message-menu", ({ node, message, names, place, isBlocked }) => {
    fill(message, names, isBlocked);
    open(place, back, () => node.classList.remove("menu-open"));
    shown = { node, message, place };
    node.classList.add("menu-open");
  });

  function back() {
    if (!document.activeElement?.closest(".message")) opener().focus({ preventScroll: true });
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
