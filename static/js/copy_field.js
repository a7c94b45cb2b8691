// Buttons that copy what stands in a field: <button data-copies="id of the field" data-done="Copied" hidden>.

import { copy } from "./lib/clipboard.js";

/** Show those within an element that nothing has started yet. */
export function startCopyFields(within) {
  for (const button of within.querySelectorAll("[data-copies][hidden]")) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false; // without this script there is nothing it could do
    button.addEventListener("click", async () => {
      await copy(field.value);
      field.select();
      button.textContent = button.dataset.done;
    });
  }
}

startCopyFields(document);
