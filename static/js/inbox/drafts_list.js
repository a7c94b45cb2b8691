// The page of drafts: what this browser keeps of what I did not send, room by room.

import { storedItem } from "../lib/local_storage.js";
import { emit } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { draftsOf } from "../lib/stored_drafts.js";
import { dayAndTime } from "../lib/times.js";

export function startDraftsList(list = document.getElementById("drafts")) {
  if (!list) return;
  const template = document.getElementById("draft-template");
  show();
  listen(globalThis, "storage", show); // another tab writes

  function show() {
    const drafts = draftsOf(list.dataset.me).filter(({ room }) => itemOf(room));
    list.replaceChildren(...drafts.map(createRow));
    document.getElementById("no-drafts").hidden = drafts.length > 0;
    emit("drafts-changed");
  }

  function createRow({ key, room, text, at }) {
    const item = itemOf(room);
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector("a").href = item.querySelector("a").getAttribute("href");
    row.querySelector(".row-what").textContent = item.querySelector(".side-name").textContent;
    row.querySelector(".row-text").textContent = text;
    if (at) row.querySelector("time").textContent = dayAndTime(at);
    row.querySelector("button").addEventListener("click", () => {
      storedItem(key).set(null);
      show();
    });
    return row;
  }
}

/** The room at the side, by its name, or by the id of the other person of direct messages. */
function itemOf(room) {
  const selector = room.startsWith("@")
    ? `[data-user="${CSS.escape(room.slice(1))}"]`
    : `[data-room="${CSS.escape(room)}"]`;
  return document.querySelector(`#side li${selector}`);
}
