// Holds the state. Effects hear of each change at once; views once a frame, as the DOM event `rt:state`.

import { emit } from "./bus.js";

export function makeStore(reduce, state) {
  const effects = [];
  let shown = state;
  let due = false;

  function show() {
    if (!due) return;
    due = false;
    const before = shown;
    shown = state;
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
      if (due) return;
      due = true;
      requestAnimationFrame(show);
      setTimeout(show, 250); // a hidden page gets no frames
    },
  };
}
