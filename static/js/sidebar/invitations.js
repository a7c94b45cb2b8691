// Invitations that wait for my answer: how many, at the side; a new one is said.

import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";
import { shownName } from "../lib/people.js";

export function startInvitations() {
  const list = document.getElementById("side-invitations");
  let known = new Set(list.dataset.ids.split(" ").filter(Boolean).map(Number));

  on("wire-invitations", show);
  on("invitations-read", show);

  function show({ invitations }) {
    const item = list.firstElementChild;
    list.hidden = !invitations.length;
    item.querySelector(".badge").textContent = invitations.length || "";
    item.classList.toggle("unread", invitations.length > 0);
    const fresh = invitations.find(({ id }) => !known.has(id));
    if (fresh) emit("toast", { text: t("newInvitation", { name: shownName(fresh.by), room: fresh.room.title }) });
    known = new Set(invitations.map(({ id }) => id));
    emit("side-changed");
  }
}
