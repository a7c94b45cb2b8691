// What a newcomer can do first: gone for good once it is dismissed or they have written something, in every tab.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";

export function startWelcome() {
  const card = document.getElementById("welcome");
  listen(card, "submit", (event) => {
    event.preventDefault();
    document.getElementById("composer-text").focus({ preventScroll: true });
    dismiss();
  });
  on("say", dismiss);
  on("wire-preferences", ({ welcome }) => (card.hidden = !welcome));

  async function dismiss() {
    if (card.hidden) return;
    card.hidden = true;
    try {
      await call("PATCH", "/api/me/preferences", { welcome: false });
    } catch (error) {
      card.hidden = false;
      emit("toast", { text: error.message });
    }
  }
}
