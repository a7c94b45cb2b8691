// Starts the parts of a page, each for itself: one that fails is reported, and takes no other along.

import { emit } from "./bus.js";

export function start(part, ...given) {
  try {
    return part(...given);
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
  }
}

/** A part that few need is loaded when it is asked for by an event of the bus, which is then told again. */
export function startWhenAsked(event, load) {
  document.addEventListener(`rt:${event}`, asked, { once: true });

  async function asked({ detail }) {
    try {
      await load();
      emit(event, detail);
    } catch {
      emit("toast", { key: "requestFailed" });
      document.addEventListener(`rt:${event}`, asked, { once: true });
    }
  }
}
