// Puts what another app has shared into the message field of the chosen room, without sending it.

import { newId } from "../core/protocol.js";
import { visit } from "../core/visit.js";
import { keep } from "../lib/kept_files.js";
import { storedItem } from "../lib/local_storage.js";
import { ABOUT, fileAddress, SHARED } from "../worker/share.js";

export async function startShare(box = document.getElementById("share")) {
  const shared = await read();
  box.hidden = !shared;
  document.getElementById("nothing-shared").hidden = Boolean(shared);
  if (!shared) return;
  box.querySelector("blockquote").textContent = [shared.text, ...shared.names.map((name) => `📎 ${name}`)]
    .filter(Boolean).join("\n");
  const template = document.getElementById("share-template").content.firstElementChild;
  box.querySelector("ul").replaceChildren(...[...document.querySelectorAll("#side li[data-room]")].map((item) => {
    const row = template.cloneNode(true);
    const link = row.querySelector("a");
    link.href = item.querySelector("a").getAttribute("href");
    link.textContent = item.dataset.title;
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      await put(shared, item.dataset);
      visit(link.href);
    });
    return row;
  }));
}

async function read() {
  const found = await globalThis.caches?.match(ABOUT, { cacheName: SHARED });
  return found?.json();
}

/** As what was written and chosen there, and not sent: composer/drafts.js and files/tray.js take it up. */
async function put({ text, names }, { room, user }) {
  const { me } = document.getElementById("side-drafts").dataset;
  const area = `${me}:${user ? `@${user}` : room}`;
  const at = Date.now();
  if (text) storedItem(`draft:${area}:${newId()}`).set({ text, at, held: false });
  for (const [number, name] of names.entries()) {
    const answer = await caches.match(fileAddress(number), { cacheName: SHARED });
    const blob = await answer.blob();
    const { size, type } = blob;
    await keep({ key: newId(), area, room, blob, name, size, type, alt: "", at: at + number, taken: false });
  }
  if (names.length) storedItem(`files:${area}`).set({ names: names.join(", "), at });
  await caches.delete(SHARED);
}
