// A field for the name of a person (`data-people`: of the members of this room, or of everybody) offers whom it may mean.

import { call } from "../core/api.js";
import { makeLookup } from "./lookup.js";

/** field: it names the <datalist> to fill. */
export function startPeopleField(field) {
  const room = field.dataset.people;
  const address = room ? `/api/rooms/${encodeURIComponent(room)}/members` : "/api/people";
  const lookup = makeLookup((q, signal) =>
    call("GET", `${address}?${new URLSearchParams({ q, limit: 8 })}`, undefined, signal)
  );

  field.addEventListener("input", offer);
  offer();

  async function offer() {
    const q = field.value.trim();
    const found = q && await lookup.want(q);
    if (found && q === field.value.trim()) {
      field.list?.replaceChildren(...(found.members ?? found.people).map(optionOf));
    }
  }
}

function optionOf({ name, display_name: label }) {
  return Object.assign(document.createElement("option"), { value: name, label: label || name });
}
