// Marks all rooms read at once, by key or button, and can undo that.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";

const UNDO_MS = 12_000;

export function startReadAll() {
  const said = document.getElementById("side-said");
  const button = said.querySelector("button");
  let undo = "";
  let timer = 0;

  on("read-all", async ({ form }) => {
    await readAll();
    if (!form) return;
    for (const row of document.querySelectorAll("main .rows-list > li")) row.remove();
    form.hidden = true;
  });
  button.addEventListener("click", async () => {
    hide();
    try {
      await call("POST", "/api/read-all/undo", { undo });
      emit("rooms-stale");
    } catch (error) {
      emit("toast", { text: error.message });
    }
  });

  async function readAll() {
    try {
      ({ undo } = await call("POST", "/api/read-all", {}));
      emit("rooms-stale");
      emit("all-read");
      show(undo ? t("allRead", { count: undo.split(" ").length }) : t("nothingUnread"));
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }

  function show(text) {
    clearTimeout(timer);
    said.querySelector("span").textContent = text;
    button.hidden = !undo;
    said.hidden = false;
    timer = setTimeout(hide, UNDO_MS);
  }

  function hide() {
    if (said.contains(document.activeElement)) document.getElementById("composer-text")?.focus({ preventScroll: true });
    said.hidden = true;
  }
}
