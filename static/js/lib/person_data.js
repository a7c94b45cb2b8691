// What this browser keeps of a person: the keys that name them by their id.

import { forgetAreas } from "./kept_files.js";
import { keysOf, removeKeys, storedItem } from "./local_storage.js";
import { draftsOf } from "./stored_drafts.js";

const OF_PERSON = /^(?:draft|outbox|files|edit|recent-rooms|push):(\d+)(?::|$)/;

const personOf = (key) => OF_PERSON.exec(key)?.[1];

/** Whether something is kept of anybody but this person. */
export const hasOthers = (me) => keysOf("").some((key) => (personOf(key) ?? me) !== me);

/** How many drafts and messages of theirs were not sent. */
export function unsentCount(me) {
  const waiting = keysOf(`outbox:${me}:`).map((key) => storedItem(key).get()?.length ?? 0);
  return waiting.reduce((sum, count) => sum + count, draftsOf(me).length);
}

export const forgetPerson = (me) => forget((id) => id === me);
export const forgetOthers = (me) => forget((id) => id !== me);

/** What the service worker keeps is of one person, and it is told, so that it keeps nothing that is under way. */
async function forgetPages() {
  const worker = await navigator.serviceWorker?.getRegistration?.();
  worker?.active?.postMessage({ type: "forget" });
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
}

/** isGone: of the id of a person. */
async function forget(isGone) {
  removeKeys((key) => personOf(key) !== undefined && isGone(personOf(key)));
  await forgetAreas((area) => isGone(area.slice(0, area.indexOf(":"))));
  await forgetPages();
}
