// Keys for messages: from one to the next, and what can be done with the one that has the focus.

import { onKey } from "../core/keys.js";

const STOPS = ".message, .fold > summary";
const ACTIONS = { reply: "reply", edit: "edit", react: "react", messageMenu: "more" };

/** can(node, name): whether a message has that action. act(name, node): do it. */
export function startMessageKeys(log, { can, act }) {
  const box = document.getElementById("timeline");
  const focused = () => document.activeElement?.closest?.("#log .message");
  const messages = () =>
    [...log.querySelectorAll(STOPS)].filter((node) =>
      node.offsetParent !== null && !node.matches(".fold:not([open]) > .message")
    );

  onKey("nextMessage", () => step(1));
  onKey("previousMessage", () => step(-1));
  for (const [key, name] of Object.entries(ACTIONS)) {
    onKey(key, () => {
      const node = focused();
      if (!node || !(name === "more" || can(node, name))) return false;
      act(name, node);
    });
  }
  // The timeline itself has the focus: up to the last message.
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.key !== "ArrowUp" || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focus(messages().at(-1));
  });

  function step(by) {
    const all = messages();
    const at = all.indexOf(document.activeElement?.closest?.(STOPS));
    if (at >= 0) return focus(all[at + by]);
    const edge = box.getBoundingClientRect();
    const inView = all.filter((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      return bottom > edge.top && top < edge.bottom;
    });
    return focus(by > 0 ? inView[0] : inView.at(-1));
  }

  function focus(node) {
    if (!node) return false;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }
}
