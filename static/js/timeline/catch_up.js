// Asks a bot for a summary of what I missed, in the direct messages with it, so that nobody else sees it.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { newId } from "../core/protocol.js";
import { visit } from "../core/visit.js";
import { t } from "../lib/texts.js";

export function startCatchUp(room, botName) {
  on("catch-up", ask);
  document.getElementById("log").addEventListener("click", (event) => event.target.closest("[data-catch-up]") && ask());

  async function ask() {
    try {
      const { name } = await call("POST", "/api/direct", { username: botName });
      const message = t("catchUpQuestion", { room });
      await call("POST", `/api/rooms/${encodeURIComponent(name)}/messages`, { id: newId(), message });
      visit(`/dm/${encodeURIComponent(botName)}/`);
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}
