// My read position: moves when I look at the end of the room, told at most once a second.

import { hear, tell } from "./bus.js";

export function startReading(store) {
  let timer = null;

  hear("state", soon);
  addEventListener("focus", soon);
  document.addEventListener("visibilitychange", soon);

  function soon() {
    if (timer || !unread()) return;
    timer = setTimeout(() => {
      timer = null;
      if (!unread()) return;
      const { seq } = store.state;
      tell("command", { type: "read", fields: { seq } });
      store.dispatch({ type: "local.read", seq });
    }, 1000);
  }

  function unread() {
    const { seq, readSeq, following, atNewest, catchingUp, connection } = store.state;
    const looking = !document.hidden && document.hasFocus() && following && atNewest;
    return looking && connection.phase === "live" && !catchingUp && seq > readSeq;
  }
}
