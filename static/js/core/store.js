// Holds the state. Effects are called after each change; views get the DOM event `rt:state` once per frame. Once the
// person has left the room, nothing changes any more.

import { emit } from "./bus.js";
import { scopeSignal } from "./scope.js";

export function makeStore(reduce, state) {
  const effects = [];
  const left = scopeSignal();
  let emittedState = state;
  let isScheduled = false;

  function emitState() {
    if (!isScheduled || left?.aborted) return;
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
      if (left?.aborted) return;
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
