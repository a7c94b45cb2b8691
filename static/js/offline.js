// The page that the service worker shows where it has no other: which rooms it keeps.

import { isRoom } from "./worker/rules.js";
import { readIndex } from "./worker/store.js";

const again = document.getElementById("again");
if (again) start();

async function start() {
  again.href = location.href;
  addEventListener("online", () => location.reload());
  const { pages } = await readIndex().catch(() => ({ pages: {} }));
  const rooms = Object.entries(pages).filter(([address]) => isRoom(address)).sort(([, a], [, b]) => b.at - a.at);
  document.getElementById("kept").hidden = !rooms.length;
  document.querySelector("#kept ul").append(...rooms.map(rowOf));
}

function rowOf([address, { title }]) {
  const row = document.createElement("li");
  row.append(Object.assign(document.createElement("a"), { href: address, textContent: title }));
  return row;
}
