// Whoever follows a source of an answer to another message gets a button that leads back.

import { emit } from "../core/bus.js";

export function startBackToAnswer() {
  const button = document.getElementById("back-to-answer");
  const log = document.getElementById("log");
  let answer = null;

  log.addEventListener("click", (event) => {
    const link = event.target.closest('.message.is-bot .text a[href*="#m"]');
    if (link?.pathname === location.pathname) offer(link.closest(".message").id);
  });
  document.getElementById("panel").addEventListener("click", (event) => {
    const link = event.target.closest(".answer .sources a");
    if (link?.pathname === location.pathname) offer(link.closest(".answer").dataset.answer);
  });
  button.addEventListener("click", () => {
    button.hidden = true;
    history.replaceState(history.state, "", `#${answer}`);
    emit("show-message", { id: Number(answer.slice(1)) });
  });

  function offer(id) {
    answer = id;
    button.hidden = false;
  }
}
