// The dialog of keys: what each does on this page. All of them are on the page of settings.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { activeKeys, singleKeys } from "../core/keys.js";
import { showLook } from "../core/look.js";
import { keysTables } from "./keys_tables.js";

export function startKeysDialog() {
  const dialog = document.getElementById("keys");
  const tables = dialog.querySelector(".keys-tables");
  const letters = dialog.querySelector("input");

  letters.addEventListener("change", async () => {
    const chosen = letters.checked;
    showLook({ keys: chosen ? "on" : "off" }); // it counts for the next key, and is taken back if it cannot be kept
    try {
      await call("PATCH", "/api/me/preferences", { single_keys: chosen });
    } catch (error) {
      showLook({ keys: chosen ? "off" : "on" });
      letters.checked = singleKeys();
      emit("toast", { text: error.message });
    }
  });
  dialog.addEventListener("click", ({ target }) => target.closest("[data-close]") && dialog.close());
  on("show-keys", () => {
    if (dialog.open) return dialog.close();
    letters.checked = singleKeys();
    tables.replaceChildren(...keysTables(activeKeys()));
    dialog.showModal();
  });
}
