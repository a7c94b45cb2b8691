// Tells that I type: at most once in 3 s, and anew after something was said.

import { emit, on } from "../core/bus.js";

const EVERY = 3000; // ms

export function startTyping() {
  const field = document.getElementById("composer-text");
  let told = 0;

  on("say", () => (told = 0));
  field.addEventListener("input", () => {
    if (!field.value.trim() || Date.now() - told < EVERY) return;
    told = Date.now();
    emit("command", { type: "typing", fields: {} });
  });
}
