// The timeline by keyboard: Tab enters and leaves it as one stop, and goes through what the message that has the focus
// holds; arrow keys lead from message to message and through toolbars; Escape returns to the composer.

import { listen } from "../core/scope.js";

const STOPS = ".message, .fold > summary";
const TABBED = "a[href], button:enabled, summary, textarea, [tabindex='0']";

export function startKeyboardNavigation() {
  const log = document.getElementById("log");
  const box = document.getElementById("timeline");
  const field = document.getElementById("composer-text");
  let tabs = false; // the last key was Tab: it is what moves the focus now
  const ways = {
    ArrowUp: (all, at) => all[at - 1],
    ArrowDown: (all, at) => all[at + 1] ?? field,
    Home: (all) => all[0],
    End: (all) => all.at(-1),
    Escape: () => field,
  };

  log.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const message = target.closest(STOPS);
    if (!message || event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "Tab") return leaveBy(event, message);
    const bar = target.closest("[role=toolbar]");
    const next = bar && ["ArrowLeft", "ArrowRight"].includes(key)
      ? beside(bar, target, key)
      : ways[key]?.(messages(), messages().indexOf(message));
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  listen(document, "keydown", ({ key }) => (tabs = key === "Tab"), { capture: true });
  listen(document, "pointerdown", () => (tabs = false), { capture: true });
  log.addEventListener("focusin", ({ target, relatedTarget }) => {
    const message = target.closest(STOPS);
    if (!tabs || !message || relatedTarget?.closest(STOPS)) return;
    const stop = log.contains(relatedTarget) ? message : lastInView(); // the line above what is new holds a button
    stop?.focus({ preventScroll: true });
  });

  /** Beyond what this message holds, the browser goes on from the edge of the log. */
  function leaveBy({ shiftKey, target }, message) {
    const held = [...message.querySelectorAll(TABBED)].filter((node) => node.checkVisibility());
    const isLast = shiftKey ? target === message : target === (held.at(-1) ?? message);
    if (!isLast) return;
    const edge = Object.assign(document.createElement("span"), { tabIndex: -1 });
    log[shiftKey ? "before" : "after"](edge);
    edge.focus({ preventScroll: true });
    setTimeout(() => edge.remove());
  }

  function lastInView() {
    const { bottom } = box.getBoundingClientRect();
    return messages().findLast((node) => node.getBoundingClientRect().top < bottom);
  }

  const messages = () =>
    [...log.querySelectorAll(STOPS)].filter((node) => !node.matches(".fold:not([open]) > .message"));
}

function beside(bar, button, key) {
  const all = [...bar.querySelectorAll("button:not([hidden])")];
  return all.at((all.indexOf(button) + (key === "ArrowLeft" ? -1 : 1)) % all.length);
}
