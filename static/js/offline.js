// The page that the service worker shows where it has no other: which rooms it keeps.

import { isRoom, isServed } from "./worker/rules.js";
import { readIndex } from "./worker/store.js";

const again = document.getElementById("again");
if (again) start();

async function start() {
  again.href = location.href;
  addEventListener("online", reloadIfServed);
  const { pages } = await readIndex().catch(() => ({ pages: {} }));
  const rooms = Object.entries(pages).filter(([address]) => isRoom(address)).sort(([, a], [, b]) => b.at - a.at);
  document.getElementById("kept").hidden = !rooms.length;
  document.querySelector("#kept ul").append(...rooms.map(rowOf));
}

/** A network may be back without the server; and nobody is taken off the link that they have just chosen. */
async function reloadIfServed() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && isServed(answer)) location.reload();
}

function rowOf([address, { title }]) {
  const row = document.createElement("li");
  row.append(Object.assign(document.createElement("a"), { href: address, textContent: title }));
  return row;
}
