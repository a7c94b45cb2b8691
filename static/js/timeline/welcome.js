// What a newcomer can do first: gone for good once it is dismissed, in every tab.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";

export function startWelcome() {
  const card = document.getElementById("welcome");
  listen(card, "submit", async (event) => {
    event.preventDefault();
    card.hidden = true;
    document.getElementById("composer-text").focus({ preventScroll: true });
    try {
      await call("PATCH", "/api/me/preferences", { welcome: false });
    } catch (error) {
      card.hidden = false;
      emit("toast", { text: error.message });
    }
  });
  on("wire-preferences", ({ welcome }) => (card.hidden = !welcome));
}
