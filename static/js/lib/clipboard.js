// Puts a text on the clipboard. The clipboard of the page exists on https and localhost only; elsewhere a field is copied.

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
  // Beside what has the focus: an open dialog makes the rest inert, and a toolbar stays while the focus is in it.
  (focused.closest("body *")?.parentNode ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  focused.focus({ preventScroll: true });
  field.remove();
  if (!done) throw new Error("copying is not allowed");
}
