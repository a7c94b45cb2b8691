// The bar of a message: one for all, put into the message that is pointed at or focused. Not for fingers, which get the
// menu by resting on a message.

import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";

const OPENED = "dialog[open], #emoji-picker:popover-open, #message-menu:popover-open";

/** actionsOf(node): names of what can be done with a message; undefined when it is none. */
export function startActionsBar(log, actionsOf) {
  const bar = document.getElementById("actions-template").content.firstElementChild.cloneNode(true);
  const box = document.getElementById("timeline");
  let tapped = false;
  let wanted = null; // pointed at or focused while nothing could be done with it, as before it was sent

  // While something is open that it has opened, the bar stays where it is.
  const isBusy = () => document.querySelector(OPENED) !== null;
  const points = ({ pointerType }) => pointerType !== "touch" && !isBusy();
  log.addEventListener("pointerover", (event) => points(event) && attach(event.target.closest(".message")));
  log.addEventListener(
    "pointerleave",
    (event) => points(event) && !bar.contains(document.activeElement) && detach(),
  );
  log.addEventListener("focusin", (event) => !tapped && attach(event.target.closest(".message")));
  log.addEventListener("focusout", ({ relatedTarget: next }) => {
    const stays = !next || log.contains(next) || isBusy() || bar.matches(".message:hover > *");
    if (!stays) detach();
  });
  for (const name of ["pointerover", "focusin"]) {
    log.addEventListener(name, ({ target, pointerType }) => {
      const button = target.closest(".reaction");
      if (button && pointerType !== "touch") emit("who-reacted", { button });
    });
  }
  listen(document, "pointerdown", ({ pointerType, target }) => {
    tapped = pointerType === "touch"; // a tap gives the focus, but only a long press shows what can be done
    if (tapped && !target.closest(".actions, #emoji-picker")) bar.remove();
  });
  listen(document, "keydown", () => (tapped = false), { capture: true }); // a tablet may have keys, too
  on("state", ({ state, before }) => {
    if (state.messages === before.messages && state.connection === before.connection) return;
    if (bar.isConnected) update(bar.closest(".message"));
    else if (wanted) queueMicrotask(() => attach(wanted)); // when the timeline has drawn this state, too
  });

  function attach(node) {
    if (!node || node.contains(bar)) return;
    if (!actionsOf(node)?.size || node.querySelector("form")) {
      wanted = node;
      return bar.remove();
    }
    wanted = null;
    node.append(bar);
    // The header of the room covers what sticks out above the timeline.
    bar.classList.toggle("inside", node.getBoundingClientRect().top - box.getBoundingClientRect().top < 16);
    update(node);
  }

  function detach() {
    wanted = null;
    bar.remove();
  }

  function update(node) {
    const names = actionsOf(node);
    if (!names?.size) {
      wanted = node;
      return bar.remove();
    }
    for (const button of bar.querySelectorAll("[data-do]")) {
      const stays = button.dataset.do === "more" || names.has(button.dataset.do);
      if (button === document.activeElement && !stays) node.focus({ preventScroll: true });
      button.hidden = !stays;
    }
  }
}
