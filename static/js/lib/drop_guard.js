// Stops a file dropped outside a drop target from replacing the page, which would lose what was being written.

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
