// Buttons that copy what stands in a field: <button data-copies="id of the field" data-done="Copied" data-failed="Copy it by hand"
// hidden>. What was not copied stands selected in its field.

import { copy } from "./lib/clipboard.js";

/** Show those within an element that nothing has started yet. */
export function startCopyFields(within) {
  for (const button of within.querySelectorAll("[data-copies][hidden]")) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false; // without this script there is nothing it could do
    button.addEventListener("click", async () => {
      const done = await copy(field.value).then(() => true, () => false);
      field.select();
      button.textContent = done ? button.dataset.done : button.dataset.failed;
    });
  }
}

startCopyFields(document);
