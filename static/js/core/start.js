// Starts the parts of a page. One that fails is reported and does not stop the others.

import { emit } from "./bus.js";

export function start(part, ...args) {
  try {
    return part(...args);
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
  }
}

/** Load a rarely used part at the first event of this name, and emit the event again. */
export function startOnEvent(event, load) {
  document.addEventListener(`rt:${event}`, loadAndRepeat, { once: true });

  async function loadAndRepeat({ detail }) {
    try {
      await load();
      emit(event, detail);
    } catch {
      emit("toast", { key: "requestFailed" });
      document.addEventListener(`rt:${event}`, loadAndRepeat, { once: true });
    }
  }
}
