// How many drafts this browser keeps, at the side.

import { on } from "../core/bus.js";
import { draftsOf } from "../lib/stored_drafts.js";

export function startDraftCount() {
  const row = document.getElementById("side-drafts");
  const badge = row.querySelector(".badge");

  show();
  on("drafts-changed", show);
  addEventListener("storage", show);
  document.addEventListener("focusout", (event) => event.target.id === "composer-text" && show());
  document.addEventListener("visibilitychange", show);

  function show() {
    badge.textContent = draftsOf(row.dataset.me).length || "";
  }
}
