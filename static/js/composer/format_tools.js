// The tools under the message field: formatting by buttons and keys, and what opens a list by typing its sign.

import { KEYS, rowOf } from "../core/keys.js";
import { storedItem } from "../lib/local_storage.js";
import { insertText } from "../lib/text_field.js";
import { isComposing } from "../lib/typed_word.js";

const FORMATS = KEYS.filter(({ sign }) => sign);

export function startFormatTools() {
  const form = document.getElementById("composer");
  const field = document.getElementById("composer-text");
  const toggle = document.getElementById("composer-format");
  const marks = document.getElementById("composer-marks");
  const shown = storedItem("format-tools");

  for (const button of form.querySelectorAll(".composer-tools [disabled][type=button]")) button.disabled = false;
  show(shown.get() === true);
  toggle.addEventListener("click", () => {
    shown.set(marks.hidden || null);
    show(marks.hidden);
  });
  form.addEventListener("click", ({ target }) => {
    const { format, sign } = target.closest("button")?.dataset ?? {};
    if (format) apply(format);
    if (sign) insertSign(sign);
  });
  // The field keeps the focus and its selection.
  form.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-format], [data-sign], #composer-format")) event.preventDefault();
  });
  field.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event) || field.readOnly) return;
    const row = rowOf(event, FORMATS);
    if (!row) return;
    event.preventDefault();
    apply(row.id);
  });
  field.addEventListener("paste", async (event) => {
    const selected = field.value.slice(field.selectionStart, field.selectionEnd);
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!selected || !/^\s*https?:/i.test(pasted)) return;
    event.preventDefault();
    const { pastedLink } = await import("./formatting.js").catch(() => ({}));
    insertText(field, pastedLink?.(selected, pasted) ?? pasted);
  });

  function show(isShown) {
    marks.hidden = !isShown;
    toggle.setAttribute("aria-expanded", isShown);
  }

  async function apply(kind) {
    const { format } = await import("./formatting.js");
    const { from, to, text, start, end } = format(kind, field.value, field.selectionStart, field.selectionEnd);
    insertText(field, text, from, to);
    field.setSelectionRange(start, end);
  }

  /** As if it had been typed, after a space where one is needed. A command stands at the beginning. */
  function insertSign(sign) {
    if (sign === "/") field.setSelectionRange(0, 0);
    const before = field.value.slice(0, field.selectionStart);
    insertText(field, before && !/\s$/.test(before) ? ` ${sign}` : sign);
  }
}
