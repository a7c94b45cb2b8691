// Opens the palette: Ctrl/⌘-K, or what has `data-palette`. What it offers is loaded then; the keys pressed meanwhile count.

import { on } from "../core/bus.js";
import { onKey } from "../core/keys.js";
import { isComposing } from "../lib/typed_word.js";

/** people(): whom the page knows without asking, as [<person>]. */
export function startPalette(people = () => []) {
  const dialog = document.getElementById("palette");
  const field = dialog.querySelector("input");
  let results = null;
  let loading = null;

  onKey("palette", () => (dialog.open ? dialog.close() : open()));
  on("open-palette", ({ text }) => open(text));
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // without a script it leads to the search
    open();
  });
  dialog.addEventListener("click", (event) => {
    const isOutside = event.target === dialog && !isInside(dialog, event);
    if (isOutside || event.target.closest("[data-close], [role=option]:not([aria-disabled])")) dialog.close();
  });
  field.addEventListener("keydown", (event) => {
    if (results || isComposing(event) || !["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    load().then(() => results && field.dispatchEvent(new KeyboardEvent("keydown", { key: event.key })));
  });

  function open(text = "") {
    if (!dialog.open) dialog.showModal();
    field.value = text;
    field.focus();
    results?.show();
    load();
  }

  /** Away, it is asked for again at the next opening. */
  function load() {
    loading ??= import("./palette_results.js").then(
      ({ startPaletteResults }) => (results = startPaletteResults(dialog, people)),
      () => (loading = null),
    );
    return loading;
  }
}

function isInside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
