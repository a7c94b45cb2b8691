// The banner about the load: what is too much, for as long as it lasts, and for a moment that it is over.

import { on } from "../core/bus.js";
import { loadText } from "../lib/texts.js";

const OVER_MS = 8000;

export function startLoadBanner(store) {
  const banner = document.getElementById("overload");
  let notice = null;
  let dismissed = null; // a message: told again after a lost connection, it stays dismissed
  let timer = null;

  on("overload", () => show(store.state.overload));
  banner.querySelector("button").addEventListener("click", () => {
    dismissed = notice?.message;
    banner.hidden = true;
  });

  function show({ server, room, over }) {
    notice = server ?? room ?? over;
    clearTimeout(timer);
    if (notice && notice === over) {
      dismissed = null;
      timer = setTimeout(() => (banner.hidden = true), OVER_MS);
    }
    banner.classList.toggle("over", notice === over);
    banner.hidden = !notice || notice.message === dismissed;
    banner.querySelector("span").textContent = notice ? loadText(notice) : "";
  }
}
