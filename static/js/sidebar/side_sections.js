// Remembers in this browser which sections of the sidebar are collapsed.

import { storedItem } from "../lib/local_storage.js";

export function startSideSections() {
  const stored = storedItem("side-shut");
  const shut = new Set((stored.get() ?? "").split(" ").filter(Boolean));
  for (const section of document.querySelectorAll(".side-section")) {
    const { section: name } = section.dataset;
    section.open = !shut.has(name);
    section.addEventListener("toggle", () => {
      if (section.open) shut.delete(name);
      else shut.add(name);
      stored.set([...shut].join(" "));
    });
  }
}
