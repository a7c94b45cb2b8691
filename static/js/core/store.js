// Holds the state. Effects are called after each change; views get the DOM event `rt:state` once per frame.

import { emit } from "./bus.js";

export function makeStore(reduce, state) {
  const effects = [];
  let emittedState = state;
  let isScheduled = false;

  function emitState() {
    if (!isScheduled) return;
    isScheduled = false;
    const before = emittedState;
    emittedState = state;
    emit("state", { state, before });
  }

  return {
    get state() {
      return state;
    },
    /** Called with (state, before) after every dispatch. */
    affect: (effect) => effects.push(effect),
    dispatch(...events) {
      const before = state;
      state = events.reduce(reduce, state);
      if (state === before) return;
      for (const effect of effects) effect(state, before);
      if (isScheduled) return;
      isScheduled = true;
      requestAnimationFrame(emitState);
      setTimeout(emitState, 250); // a hidden page gets no frames
    },
  };
}
