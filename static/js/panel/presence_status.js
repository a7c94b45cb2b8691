// In direct messages: whether the other person is here, away, or when they were last seen. Polled while the page shows.

import { call } from "../core/api.js";
import { on } from "../core/bus.js";
import { every, listen } from "../core/scope.js";
import { dayOf } from "../state/grouping.js";
import { shownName } from "../lib/people.js";
import { statusLine } from "../lib/status_line.js";
import { t } from "../lib/texts.js";
import { clockTime, dayName, exactTime } from "../lib/times.js";

const POLL_INTERVAL = 30_000; // milliseconds

export function startPresenceStatus(store) {
  const node = document.getElementById("other-here");
  const { room } = store.state;
  if (!node || !room.name || !room.with || room.with.bot) return;

  const topic = document.querySelector(".room-head .topic");
  on("state", ({ state: { room: now }, before }) => {
    if (now.with === before.room.with) return;
    topic.textContent = statusLine(now.with);
    document.querySelector(".room-head h1").textContent = shownName(now.with);
  });
  poll();
  every(POLL_INTERVAL, () => document.hidden || poll());
  listen(document, "visibilitychange", () => document.hidden || poll());
  on("state", ({ state, before }) => {
    if (state.online.has(room.with.id) !== before.online.has(room.with.id) || state.blocked !== before.blocked) poll();
  });

  async function poll() {
    try {
      show((await call("GET", `/api/rooms/${room.name}/online`)).status);
    } catch {
      show(null); // away ourselves: better nothing than something old
    }
  }

  function show(status) {
    const known = !store.state.blocked.has(room.with.id) && status && (status.state !== "gone" || status.seen);
    node.textContent = known ? t(`status_${status.state}`, { when: lastSeenText(status.seen) }) : "";
    node.title = known && status.seen ? exactTime(status.seen) : "";
  }
}

const lastSeenText = (seen) => {
  if (!seen) return "";
  return dayOf(seen) === dayOf(new Date().toISOString())
    ? clockTime(seen)
    : `${dayName(dayOf(seen))}, ${clockTime(seen)}`;
};
