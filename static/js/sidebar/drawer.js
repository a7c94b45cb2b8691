// The sidebar where there is no room for it beside the rest: a button or a swipe to the right opens it; Escape, a
// phone's "back" or a swipe to the left closes it.

import { listen, whenLeft } from "../core/scope.js";
import { swipes } from "../lib/swipes.js";

const KEEPS_FINGER = "dialog, [popover], .panel, textarea, input";

export function startDrawer() {
  const side = document.getElementById("side");
  const backdrop = document.getElementById("side-backdrop");
  const opener = document.getElementById("open-side");
  let watcher = null; // browsers that have it tell it of "back", too

  opener?.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(true);
  });
  listen(document, "keydown", ({ key }) => {
    if (key === "Escape" && isOpen() && !document.querySelector(":popover-open")) toggle(false);
  });
  listen(backdrop, "click", () => toggle(false));
  listen(document.getElementById("close-side"), "click", () => toggle(false));
  swipes(document.getElementById("main"), { right: ({ target }) => canOpen(target) && toggle(true) }, listen);
  swipes(side, { left: () => isOpen() && toggle(false) }, listen);
  whenLeft(() => {
    side.classList.remove("open");
    backdrop.hidden = true;
    watcher?.destroy();
  });

  const isOpen = () => side.classList.contains("open");
  const canOpen = (target) => opener?.checkVisibility() && !target.closest(KEEPS_FINGER);

  function toggle(open) {
    side.classList.toggle("open", open);
    backdrop.hidden = !open;
    opener?.setAttribute("aria-expanded", open);
    document.getElementById("main").inert = open;
    watcher?.destroy();
    if (!open) return opener?.focus();
    watcher = globalThis.CloseWatcher && new CloseWatcher();
    if (watcher) watcher.onclose = () => toggle(false);
    (side.querySelector("[aria-current]") ?? document.getElementById("open-palette")).focus();
  }
}
