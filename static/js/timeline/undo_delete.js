// Deleting with five seconds to think again: the message is hidden at once, the command goes out when they are over.

import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";

const THINK = 5000;

export function startUndoDelete() {
  const bar = document.getElementById("undo");
  const undo = bar.querySelector("button");
  const field = document.getElementById("composer-text");
  const waiting = new Map(); // message id → timer

  on("delete-soon", ({ message }) => {
    mark(message.id, true);
    waiting.set(message.id, setTimeout(() => commit(message.id), THINK));
    bar.hidden = false;
    bar.querySelector("span").textContent = t("deletingSoon");
    const byKey = document.activeElement.matches(":focus-visible");
    (byKey ? undo : field).focus({ preventScroll: true }); // five seconds are short to walk there
  });
  undo.addEventListener("click", () => {
    for (const [id, timer] of waiting) {
      clearTimeout(timer);
      mark(id, false);
    }
    waiting.clear();
    hide();
  });
  addEventListener("pagehide", () => [...waiting.keys()].forEach(commit));

  function commit(id) {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    emit("command", { type: "delete", fields: { message_id: id } });
    mark(id, false);
    if (!waiting.size) hide();
  }

  function hide() {
    if (bar.contains(document.activeElement)) field.focus({ preventScroll: true });
    bar.hidden = true;
  }
}

const mark = (id, on) => document.getElementById(`m${id}`)?.classList.toggle("going", on);
