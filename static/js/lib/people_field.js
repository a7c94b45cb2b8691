// A field for the name of a person (`data-people`: of the members of this room, or of everybody) offers whom it may mean. With
// `data-several` it takes several, with commas between them, and the last one is offered.

import { call } from "../core/api.js";
import { isComposing } from "./typed_word.js";
import { makeLookup } from "./lookup.js";

const started = new WeakSet();

/** field: it names the <datalist> to fill. */
export function startPeopleField(field) {
  if (started.has(field)) return;
  started.add(field);
  const room = field.dataset.people;
  const address = room ? `/api/rooms/${encodeURIComponent(room)}/members` : "/api/people";
  const lookup = makeLookup((q, signal) =>
    call("GET", `${address}?${new URLSearchParams({ q, limit: 8 })}`, undefined, signal)
  );

  let offered = null; // the text that the list is for
  const begun = () => field.dataset.several === undefined ? 0 : field.value.lastIndexOf(",") + 1;

  field.addEventListener("input", offer);
  field.addEventListener("keydown", (event) => event.key === "Enter" && !isComposing(event) && complete(event));
  offer();

  /** A name that is typed in part becomes the first that it may mean; Enter sends the form when it is whole. */
  function complete(event) {
    const options = offered === field.value ? [...field.list?.options ?? []] : [];
    const typed = field.value.trim();
    if (!options.length || options.some(({ value }) => value.toLowerCase() === typed.toLowerCase())) return;
    event.preventDefault();
    field.value = options[0].value;
  }

  async function offer() {
    const typed = field.value;
    const q = typed.slice(begun()).trim().replace(/^@/, "");
    const found = q && await lookup.want(q);
    if (found && typed === field.value) {
      const before = typed.slice(0, begun()).trim();
      const options = (found.members ?? found.people).map((person) => optionOf(person, before && `${before} `));
      field.list?.replaceChildren(...options);
      offered = typed;
    }
  }
}

/** before: what stands before the name in the field. */
function optionOf({ name, display_name: label }, before) {
  return Object.assign(document.createElement("option"), { value: before + name, label: label || name });
}
