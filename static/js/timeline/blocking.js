// Blocking somebody: asked for at a message or in the list of people. Every tab of mine hears what came of it.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";
import { shownName } from "../lib/people.js";

export function startBlocking(store) {
  const dialog = document.getElementById("block");
  const blockedNote = document.getElementById("blocked-note"); // in direct messages
  const other = store.state.room.with;
  let personToBlock = null;

  on("toggle-block", ({ person }) => {
    if (store.state.blocked.has(person.id)) return change("unblock", person);
    personToBlock = person;
    dialog.querySelector("h2").textContent = t("blockTitle", { name: shownName(person) });
    dialog.showModal();
  });
  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button || target === dialog) dialog.close();
    if (button?.matches("[data-confirm]")) change("block", personToBlock);
  });
  blockedNote?.addEventListener("submit", (event) => {
    event.preventDefault();
    change("unblock", other);
  });
  on("blocks-read", ({ blocked }) => store.dispatch({ type: "blocks", blocked }));
  on("state", ({ state, before }) => {
    if (blockedNote && state.blocked !== before.blocked) blockedNote.hidden = !state.blocked.has(other.id);
  });

  async function change(what, { id, name }) {
    try {
      await call("POST", `/api/${what}`, { username: name });
      const others = [...store.state.blocked].filter((each) => each !== id);
      store.dispatch({ type: "blocks", blocked: what === "block" ? [...others, id] : others });
      emit("toast", { text: t(`${what}edNow`, { name }) });
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}
