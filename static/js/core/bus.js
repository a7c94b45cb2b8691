// How the parts of the page communicate: DOM events on the document. Parts do not import each other.

export const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`rt:${name}`, { detail }));

export const on = (name, listener) => document.addEventListener(`rt:${name}`, (event) => listener(event.detail));
