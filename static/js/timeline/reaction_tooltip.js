// Who reacted with what: asked for when somebody points at a reaction, comes to it by keyboard, or rests a finger on it.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { list, t } from "../lib/texts.js";

const MAX_NAMES = 20; // names

export function startReactionTooltip(store) {
  const log = document.getElementById("log");
  const { me, room } = store.state;
  const requests = new WeakMap(); // button → the answer that is on its way: a pointer enters its parts one by one

  on("who-reacted", async ({ button, aloud = false }) => {
    await fill(button);
    if (aloud && button.title) emit("toast", { text: `${button.dataset.emoji} ${button.title}` });
  });

  /** The names become the button's title, which a change of the reactions takes away. */
  function fill(button) {
    if (button.title) return;
    if (!requests.has(button)) requests.set(button, fetchNames(button).finally(() => requests.delete(button)));
    return requests.get(button);
  }

  async function fetchNames(button) {
    const { id } = button.closest(".message").dataset;
    try {
      const { reactions } = await call("GET", `/api/rooms/${encodeURIComponent(room.name)}/messages/${id}/reactions`);
      for (const { emoji, people } of reactions) {
        const found = log.querySelector(`.message[data-id="${id}"] .reaction[data-emoji="${CSS.escape(emoji)}"]`);
        if (found) found.title = namesText(people);
      }
    } catch {
      // away: pointing again asks again
    }
  }

  function namesText(people) {
    const names = people.slice(0, MAX_NAMES).map(({ id, name }) => (id === me.id ? t("you") : name));
    return list(people.length > MAX_NAMES ? [...names, t("more", { count: people.length - MAX_NAMES })] : names);
  }
}
