// Says that a page was kept in this browser and when, because the server did not answer.

import { on } from "../core/bus.js";
import { dayAndTime } from "../lib/times.js";
import { t } from "../lib/texts.js";

let at = null; // of the page that is shown; null: it is as the server has it
let bar = null;

export function showKept(moment) {
  if (at === null) {
    on("state", ({ state }) => state.connection.phase === "live" && end());
    on("wire-connected", () => {
      if (!document.getElementById("boot")) location.reload(); // no events say what has changed in a list
    });
    on("rooms-stale", () => document.documentElement.dataset.kept || end());
  }
  at = moment;
  bar ??= Object.assign(document.createElement("p"), { className: "kept-bar", id: "kept-bar" });
  bar.setAttribute("role", "status");
  bar.textContent = t("keptPage", { when: dayAndTime(at) });
  const banners = document.querySelector(".banners");
  if (banners) banners.prepend(bar);
  else document.querySelector(".room-head")?.append(bar);
}

function end() {
  delete document.documentElement.dataset.kept;
  bar.remove();
}
