// Blocks somebody after a confirmation, or unblocks them. All my tabs get the result.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { t } from "../lib/texts.js";
import { shownName } from "../lib/people.js";

export function startBlockDialog(store) {
  const dialog = document.getElementById("block");
  let personToBlock = null;

  on("toggle-block", ({ person }) => {
    if (store.state.blocked.has(person.id)) return change("unblock", person);
    personToBlock = person;
    dialog.querySelector("h2").textContent = t("blockTitle", { name: shownName(person) });
    dialog.showModal();
  });
  listen(dialog, "click", ({ target }) => {
    const button = target.closest("button");
    if (button || target === dialog) dialog.close();
    if (button?.matches("[data-confirm]")) change("block", personToBlock);
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
