// The jump box: Ctrl/⌘-K focuses it, arrow keys go through the links. What it offers is loaded at the first focus.

import { isComposing } from "../lib/typed_word.js";

export function startQuickSwitcher() {
  const side = document.getElementById("side");
  const field = document.getElementById("side-filter");
  const visible = () =>
    [...side.querySelectorAll(".side-lists ul:not([hidden]) > li:not([hidden]) > a")].filter((link) =>
      !link.closest(".filtering #side-invitations")
    );
  let loading = null;

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!side.contains(document.activeElement)) {
      document.getElementById("open-side")?.offsetParent && document.getElementById("open-side").click();
    }
    field.focus();
    field.select();
  });
  side.querySelector(".side-lists").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = visible();
    const next = links[links.indexOf(document.activeElement) + step];
    event.preventDefault();
    (next ?? (step < 0 ? field : links[0]))?.focus();
  });
  field.addEventListener("focus", load);
  field.addEventListener("keydown", hold);
  if (document.activeElement === field) load();

  function load() {
    loading ??= import("./quick_switcher_results.js").then(
      ({ startQuickSwitcherResults }) => {
        field.removeEventListener("focus", load);
        field.removeEventListener("keydown", hold);
        startQuickSwitcherResults(side, field, visible);
      },
      () => (loading = null), // away: the list is filtered all the same, and the next key or visit asks again
    );
    return loading;
  }

  /** A key pressed before everything is loaded has its effect then. */
  function hold(event) {
    if (!["Enter", "ArrowDown"].includes(event.key) || isComposing(event)) return;
    event.preventDefault();
    load().then(() => loading && field.dispatchEvent(new KeyboardEvent("keydown", { key: event.key })));
  }
}
