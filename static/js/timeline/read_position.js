// My read position: moves when I look at the end of the room, told at most once a second.

import { emit, on } from "../core/bus.js";

export function startReadPosition(store) {
  let timer = null;

  look();
  on("state", soon);
  for (const name of ["focus", "blur"]) addEventListener(name, look);
  document.addEventListener("visibilitychange", look);

  function look() {
    store.dispatch({ type: "local.look", looking: !document.hidden && document.hasFocus() });
    soon();
  }

  function soon() {
    if (timer || !unread()) return;
    timer = setTimeout(() => {
      timer = null;
      if (!unread()) return;
      const { seq } = store.state;
      emit("command", { type: "read", fields: { seq } });
      store.dispatch({ type: "local.read", seq });
    }, 1000);
  }

  function unread() {
    const { seq, readSeq, looking, following, atNewest, catchingUp, connection } = store.state;
    return looking && following && atNewest && connection.phase === "live" && !catchingUp && seq > readSeq;
  }
}
