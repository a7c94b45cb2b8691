// Tells the server that I am typing: at most once in 3 s, and anew after a message was sent.

import { emit, on } from "../core/bus.js";

const MIN_INTERVAL = 3000; // ms

export function startTyping() {
  const field = document.getElementById("composer-text");
  let lastSent = 0;

  on("say", () => (lastSent = 0));
  field.addEventListener("input", () => {
    if (!field.value.trim() || Date.now() - lastSent < MIN_INTERVAL) return;
    lastSent = Date.now();
    emit("command", { type: "typing", fields: {} });
  });
}
