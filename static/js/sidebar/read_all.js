// All rooms read at once, by key or button, with a way back; and keys that lead from unread room to unread room.

import { call } from "../core/api.js";
import { emit } from "../core/bus.js";
import { onKey } from "../core/keys.js";
import { t } from "../lib/texts.js";

const UNDO_MS = 12_000;

export function startReadAll() {
  const said = document.getElementById("side-said");
  const button = said.querySelector("button");
  let undo = "";
  let timer = 0;

  onKey("markAllRead", () => {
    readAll();
  });
  onKey("nextUnread", () => go(1));
  onKey("previousUnread", () => go(-1));
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-read-all]")) return;
    event.preventDefault();
    await readAll();
    for (const row of document.querySelectorAll("main .rows-list > li")) row.remove();
    event.target.hidden = true;
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

/** To the next room with something unread, round about; false when there is none. */
function go(step) {
  const items = [...document.querySelectorAll("#side li[data-room]")].filter((item) => !item.closest("ul[hidden]"));
  const open = items.findIndex((item) => item.querySelector("a[aria-current]"));
  const from = open < 0 ? (step > 0 ? -1 : items.length) : open;
  const round = items.map((_, at) => items.at((from + step * (at + 1) + 2 * items.length) % items.length));
  const next = round.find((item) => item.classList.contains("unread") && !item.classList.contains("is-muted"));
  if (!next) return false;
  next.querySelector("a").click();
}
