// How many notifications are unread, at the side.

import { emit, on } from "../core/bus.js";

const SETTLE = 1500; // ms: what is read at once, because it is on screen, is not shown as unread for a blink

export function startInboxCount() {
  const badge = document.querySelector("#side-inbox .badge");
  let timer = 0;

  on("wire-inbox", ({ unread }) => emit("inbox-count", { unread }));
  on("inbox-count", ({ unread }) => {
    clearTimeout(timer);
    if (unread > (parseInt(badge.textContent, 10) || 0)) timer = setTimeout(() => show(unread), SETTLE);
    else show(unread);
  });

  function show(unread) {
    badge.textContent = unread > 99 ? "99+" : unread || "";
    badge.parentElement.parentElement.classList.toggle("calls", unread > 0);
    emit("inbox-shown");
  }
}
