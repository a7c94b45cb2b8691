// Fields of text: changed as typing would, so that undo takes it back and the field tells of it; as high as their text.

/** Put a text in place of a part of the field, or of what is selected; the caret stands behind it. */
export function insertText(field, text, from = field.selectionStart, to = field.selectionEnd) {
  field.focus();
  field.setSelectionRange(from, to);
  if (text === field.value.slice(from, to)) return field.setSelectionRange(to, to);
  // Deprecated, and all the same the only way that keeps what can be undone.
  if (document.execCommand?.(text ? "insertText" : "delete", false, text)) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

const canGrow = globalThis.CSS?.supports?.("field-sizing", "content");

/** For browsers that do not know `field-sizing`. */
export function grow(field) {
  if (canGrow) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
