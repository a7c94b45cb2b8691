// Deletes a message after five seconds in which it can be undone. The message is hidden at once.

import { emit, on } from "../core/bus.js";
import { listen, whenLeft } from "../core/scope.js";
import { t } from "../lib/texts.js";

const UNDO_MS = 5000;

export function startUndoDelete() {
  const bar = document.getElementById("undo");
  const undo = bar.querySelector("button");
  const field = document.getElementById("composer-text");
  const waiting = new Map(); // message id → timer

  on("delete-soon", ({ message }) => {
    setBeingDeleted(message.id, true);
    waiting.set(message.id, setTimeout(() => commit(message.id), UNDO_MS));
    bar.hidden = false;
    bar.querySelector("span").textContent = t("deletingSoon");
    const byKey = document.activeElement.matches(":focus-visible");
    (byKey ? undo : field).focus({ preventScroll: true }); // five seconds are too short to tab there
  });
  undo.addEventListener("click", () => {
    for (const [id, timer] of waiting) {
      clearTimeout(timer);
      setBeingDeleted(id, false);
    }
    waiting.clear();
    hide();
  });
  const commitAll = () => [...waiting.keys()].forEach(commit);
  listen(globalThis, "pagehide", commitAll);
  whenLeft(commitAll);

  function commit(id) {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    emit("command", { type: "delete", fields: { message_id: id } });
    setBeingDeleted(id, false);
    if (!waiting.size) hide();
  }

  function hide() {
    if (bar.contains(document.activeElement)) field.focus({ preventScroll: true });
    bar.hidden = true;
  }
}

const setBeingDeleted = (id, on) => document.getElementById(`m${id}`)?.classList.toggle("going", on);
