// How the parts of the page communicate: DOM events on the document. Parts do not import each other.

import { listen } from "./scope.js";

export const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`rt:${name}`, { detail }));

/** Returns a function that takes the listener away. It goes by itself with the scope that it was made in. */
export function on(name, listener) {
  const hear = (event) => listener(event.detail);
  listen(document, `rt:${name}`, hear);
  return () => document.removeEventListener(`rt:${name}`, hear);
}
