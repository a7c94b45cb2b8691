// Whom I have blocked, as other tabs tell it, and the note about it in direct messages. See block_dialog.js.

import { emit, on } from "../core/bus.js";

export function startBlocking(store) {
  const note = document.getElementById("blocked-note"); // in direct messages
  const other = store.state.room.with;

  note?.addEventListener("submit", (event) => {
    event.preventDefault();
    emit("toggle-block", { person: other });
  });
  on("blocks-read", ({ blocked }) => store.dispatch({ type: "blocks", blocked }));
  on("state", ({ state, before }) => {
    if (note && state.blocked !== before.blocked) note.hidden = !state.blocked.has(other.id);
  });
}
