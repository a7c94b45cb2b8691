// How the parts of the page talk: DOM events on the document. Nobody imports a neighbour.

export const emit = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`rt:${name}`, { detail }));

export const on = (name, listener) => document.addEventListener(`rt:${name}`, (event) => listener(event.detail));
