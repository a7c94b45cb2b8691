// How the parts of the page communicate: DOM events on the document. Parts do not import each other.

import { listen } from "./scope.js";

export const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`rt:${name}`, { detail }));

/** Emit an event and return what a listener has put into `answer`. */
export function ask(name, detail = {}) {
  const asked = { ...detail, answer: undefined };
  emit(name, asked);
  return asked.answer;
}

/** Returns a function that removes the listener. The end of the scope that it was made in removes it, too. */
export function on(name, listener) {
  const hear = (event) => listener(event.detail);
  listen(document, `rt:${name}`, hear);
  return () => document.removeEventListener(`rt:${name}`, hear);
}
