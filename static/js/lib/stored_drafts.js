// What was written and not sent, as composer/drafts.js keeps it: one entry for each page that a draft was written in.

import { keysOf, storedItem } from "./local_storage.js";

/** A person's drafts, the newest first: {key, room, text, at}. room: its name, or @ and the id of the other person. */
export function draftsOf(me) {
  const beginning = `draft:${me}:`;
  const all = keysOf(beginning).map((key) => {
    const { text, at } = storedItem(key).get() ?? {};
    return { key, room: key.slice(beginning.length, key.lastIndexOf(":")), text, at };
  });
  const textOf = (names) => `📎 ${names}`;
  for (const key of keysOf(`files:${me}:`)) {
    const { names, at } = storedItem(key).get() ?? {};
    const room = key.slice(`files:${me}:`.length);
    const known = all.find((draft) => draft.room === room && draft.text);
    if (known) known.text += ` ${textOf(names)}`;
    else all.push({ key, room, text: textOf(names), at });
  }
  return all.filter(({ text }) => typeof text === "string" && text.trim()).sort((a, b) => b.at - a.at);
}
