// Which messages have been on screen: those whose end was in the window while somebody looked at the page, one after
// the other. What was jumped over stays unread, and gets the line “New”.

import { on } from "../core/bus.js";
import { unseenIds } from "../state/unread.js";

const TOLERANCE = 8; // px

/** after(): called when it is known what is seen, once a frame at most. */
export function startSeenMessages(store, after) {
  const box = document.getElementById("timeline");
  let isPlanned = false;

  box.addEventListener("scroll", plan, { passive: true });
  new ResizeObserver(plan).observe(box);
  on("state", plan);
  plan();

  function plan() {
    if (isPlanned || store.state.unread === null && !store.state.keptUnread) return after();
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      if (!box.isConnected) return;
      look();
      after();
    });
  }

  function look() {
    const unseen = store.state.looking ? unseenIds(store.state) : null;
    if (!unseen) return;
    const { top, bottom } = box.getBoundingClientRect();
    let seen = 0;
    for (const id of unseen) {
      const node = document.getElementById(`m${id}`);
      const end = (node?.closest(".fold:not([open])") ?? node)?.getBoundingClientRect().bottom;
      if (end === undefined || end > bottom + TOLERANCE) break;
      if (end < top) {
        store.dispatch({ type: "local.line", id });
        break;
      }
      seen = id;
    }
    if (seen) store.dispatch({ type: "local.seen", id: seen });
  }
}
