// Puts a text on the clipboard. The clipboard of the page exists on https and localhost only, and a browser may refuse it;
// then a field is copied.

/** Raises an error where the browser allows neither. */
export async function copy(text) {
  try {
    if (navigator.clipboard) return await navigator.clipboard.writeText(text);
  } catch { /* refused: the other way often is not */ }
  copyByField(text);
}

/** Whether it was copied; if not, the text is shown, so that people copy it themselves. */
export async function copyOrShow(text) {
  try {
    await copy(text);
    return true;
  } catch {
    const { showToCopy } = await import("./copy_dialog.js");
    showToCopy(text);
    return false;
  }
}

function copyByField(text) {
  const focused = document.activeElement ?? document.body;
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
  // Beside what has the focus: an open dialog makes the rest inert, and a toolbar stays while the focus is in it.
  (focused.closest("body *")?.parentNode ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  focused.focus({ preventScroll: true });
  field.remove();
  if (!done) throw new Error("copying is not allowed");
}
