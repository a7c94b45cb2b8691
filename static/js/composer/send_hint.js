// A hint on how to send, shown until three messages were sent in this browser.

import { on } from "../core/bus.js";
import { storedItem } from "../lib/local_storage.js";

const ENOUGH = 3;

export function startSendHint() {
  const hint = document.getElementById("composer-hint");
  const sent = storedItem("messages-sent");
  const count = () => Number(sent.get()) || 0;

  hint.hidden = count() >= ENOUGH;
  on("say", () => {
    if (count() >= ENOUGH) return;
    sent.set(count() + 1);
    hint.hidden = count() >= ENOUGH;
  });
}
