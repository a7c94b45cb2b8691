// A button that copies what stands in a field: <button data-copies="id of the field" data-done="Copied" hidden>.

import { copy } from "./lib/clipboard.js";

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false; // without this script there is nothing it could do
  button.addEventListener("click", async () => {
    await copy(field.value);
    field.select();
    button.textContent = button.dataset.done;
  });
}
