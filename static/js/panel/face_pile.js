// A few of those who are here, in the room's header.

import { on } from "../core/bus.js";
import { fillAvatar } from "../lib/avatars.js";

const MAX_FACES = 3;

export function startFacePile(store) {
  const pile = document.getElementById("faces");
  if (!pile) return; // in direct messages
  let shown = "";

  show(store.state);
  on("state", ({ state, before }) => state.online !== before.online && show(state));

  function show({ online }) {
    const people = [...online.values()].filter(({ bot }) => !bot).slice(0, MAX_FACES);
    const key = people.map(({ id, avatar }) => avatar ?? id).join();
    if (key === shown) return;
    shown = key;
    pile.replaceChildren(...people.map((person) => {
      const face = Object.assign(document.createElement("span"), { className: "avatar" });
      fillAvatar(face, person);
      return face;
    }));
  }
}
