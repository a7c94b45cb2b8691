// All keys, on the page of settings; the dialog shows those that do something where it is opened.

import { KEYS } from "../core/keys.js";
import { keysTables } from "./keys_tables.js";

export function startKeysPage() {
  document.getElementById("keys-page").replaceChildren(...keysTables(KEYS.filter(({ id }) => id !== "thread")));
}
