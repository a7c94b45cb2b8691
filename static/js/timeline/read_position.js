// My read position: moves when I look at the end of the room and have seen all that leads there, told at most once a
// second.

import { emit, on } from "../core/bus.js";
import { listen, makeLater, whenLeft } from "../core/scope.js";
import { allSeen } from "../state/unread.js";

export function startReadPosition(store) {
  const later = makeLater();
  let timer = null;

  whenLeft(tell);
  updateLooking();
  on("state", scheduleRead);
  for (const name of ["focus", "blur"]) listen(globalThis, name, updateLooking);
  listen(document, "visibilitychange", updateLooking);

  function updateLooking() {
    store.dispatch({ type: "local.look", looking: !document.hidden && document.hasFocus() });
    scheduleRead();
  }

  function scheduleRead() {
    if (timer || !hasUnread()) return;
    timer = later(1000, () => {
      timer = null;
      tell();
    });
  }

  function tell() {
    if (!hasUnread()) return;
    const { seq } = store.state;
    emit("command", { type: "read", fields: { seq } });
    store.dispatch({ type: "local.read", seq });
  }

  function hasUnread() {
    const { seq, readSeq, keptUnread, looking, following, atNewest, catchingUp, connection } = store.state;
    return !keptUnread && looking && following && atNewest && connection.phase === "live" && !catchingUp &&
      seq > readSeq && allSeen(store.state);
  }
}
