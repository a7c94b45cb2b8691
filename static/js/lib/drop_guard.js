// A file that is dropped where nothing takes it would be shown in place of the page, and what was being written be gone.

export function startDropGuard() {
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      const isFile = event.dataTransfer?.types.includes("Files");
      if (!isFile || event.defaultPrevented || event.target.closest?.("input[type=file]")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
