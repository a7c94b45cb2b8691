// Starts the parts of a page. One that fails is reported and does not stop the others.

import { emit } from "./bus.js";
import { inScope, listen, scopeSignal } from "./scope.js";

export function start(part, ...args) {
  try {
    return part(...args);
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
  }
}

/** Load a part that nobody waits for, and start it with begin(module). If that fails, retry when the focus moves. */
export async function startLater(load, begin) {
  const signal = scopeSignal();
  const module = await load().catch(() => null);
  if (signal?.aborted) return;
  inScope(signal, () => {
    if (module) begin(module);
    else listen(document, "focusin", () => inScope(signal, () => startLater(load, begin)), { once: true });
  });
}

/** Load what helps with a kind of field, and begin(module, field), whenever such a field gets the focus. */
export function startOnFocus(selector, load, begin) {
  listen(document, "focusin", ({ target }) => {
    if (target.matches(selector)) load().then((module) => begin(module, target), () => {});
  });
}

/** Load a rarely used part at the first event of this name, start it with begin(module), and emit the event again. */
export function startOnEvent(event, load, begin) {
  const signal = scopeSignal();
  wait();

  function wait() {
    listen(document, `rt:${event}`, loadAndRepeat, { once: true });
  }

  async function loadAndRepeat({ detail }) {
    try {
      const module = await load();
      if (signal?.aborted) return;
      inScope(signal, () => begin(module));
      emit(event, detail);
    } catch {
      if (signal?.aborted) return;
      emit("toast", { key: "requestFailed" });
      inScope(signal, wait);
    }
  }
}
