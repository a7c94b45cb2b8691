// Keys that lead from unread room to unread room, and what asks to read all at once: see read_all.js.

import { emit } from "../core/bus.js";
import { onKey } from "../core/keys.js";

export function startUnreadKeys() {
  onKey("nextUnread", () => go(1));
  onKey("previousUnread", () => go(-1));
  onKey("markAllRead", () => {
    emit("read-all", {});
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-read-all]")) return;
    event.preventDefault();
    emit("read-all", { form: event.target });
  });
}

/** Go to the next room with unread messages, wrapping around; false when there is none. */
function go(step) {
  const items = [...document.querySelectorAll("#side li[data-room]")].filter((item) => !item.closest("ul[hidden]"));
  const open = items.findIndex((item) => item.querySelector("a[aria-current]"));
  const from = open < 0 ? (step > 0 ? -1 : items.length) : open;
  const round = items.map((_, at) => items.at((from + step * (at + 1) + 2 * items.length) % items.length));
  const next = round.find((item) => item.classList.contains("unread") && !item.classList.contains("is-muted"));
  if (!next) return false;
  next.querySelector("a").click();
}
