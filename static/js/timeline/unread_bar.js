// The bar at the top of the timeline for as long as something above or in the window is unread: how much, since when;
// jump to what was not on screen, have it summarised, or mark it as read.

import { emit, on } from "../core/bus.js";
import { onKey } from "../core/keys.js";
import { whenLeft } from "../core/scope.js";
import { allSeen, unreadCount, unseenIds } from "../state/unread.js";
import { t } from "../lib/texts.js";
import { dayAndTime } from "../lib/times.js";

export function startUnreadBar(store) {
  const bar = document.getElementById("unread-bar");
  const box = document.getElementById("timeline");
  const jump = bar.querySelector("[data-jump]");

  jump.addEventListener(
    "click",
    () => emit("show-from", { id: unseenIds(store.state)?.[0] ?? store.state.unread.first }),
  );
  bar.querySelector("[data-read]").addEventListener("click", markRead);
  bar.querySelector("[data-summarise]")?.addEventListener("click", () => emit("catch-up"));
  onKey("markRead", () => !bar.hidden && markRead());
  on("all-read", () => !bar.hidden && markRead());
  whenLeft(() => store.state.unread && setTimeout(() => emit("rooms-stale"))); // once the next room listens

  function show() {
    const { unread, keptUnread, connection } = store.state;
    const isShown = connection.phase !== "visiting" && unread !== null &&
      (keptUnread || (!allSeen(store.state) && !isBelow()));
    if (isShown) jump.textContent = textOf(store.state);
    if (bar.hidden !== isShown) return;
    if (bar.contains(document.activeElement)) {
      document.getElementById("composer-text")?.focus({ preventScroll: true });
    }
    bar.hidden = !isShown;
  }

  /** All that is unread is under the window: whoever scrolls down finds it. */
  function isBelow() {
    const { unread, ids } = store.state;
    const first = document.getElementById(`m${unread.first}`);
    if (!first) return unread.first > ids.at(-1);
    return first.getBoundingClientRect().top > box.getBoundingClientRect().bottom;
  }

  function markRead() {
    const { seq } = store.state;
    emit("command", { type: "read", fields: { seq } });
    store.dispatch({ type: "local.read", seq });
    show();
  }

  return show;
}

function textOf(state) {
  const count = unreadCount(state);
  const { since } = state.unread;
  return since ? t("newSince", { count, when: dayAndTime(since) }) : t("newCount", { count });
}
