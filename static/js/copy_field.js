// A button that copies what stands in a field: <button data-copies="id of the field" data-done="Copied" hidden>.

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false; // without this script there is nothing it could do
  button.addEventListener("click", async () => {
    field.select();
    // The clipboard of the page exists on https and localhost only.
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else document.execCommand("copy");
    button.textContent = button.dataset.done;
  });
}
