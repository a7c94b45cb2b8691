// The files of a message. How they look is loaded with the first that come while the page is open.

import { ask, emit } from "../core/bus.js";

const wanted = new Map(); // list → the files that it is going to show
let draw = null;
let loading = null;

export function fillFiles(list, { files = [], deleted }, before) {
  const shown = deleted ? [] : files;
  if (before && !before.deleted && same(before.files ?? [], shown)) return;
  list.hidden = !shown.length;
  if (draw) return draw(list, shown);
  wanted.delete(list);
  if (!shown.length) return list.replaceChildren();
  emit("files-shown");
  wanted.set(list, shown);
  loading ??= ask("files-module", { name: "cards" }).then(async ({ drawCards, loadStyles }) => {
    await loadStyles();
    draw = drawCards;
    const change = () => {
      for (const [list, files] of wanted) draw(list, files);
      wanted.clear();
    };
    emit("rows-changed", { change });
  }, () => (loading = null));
}

const same = (some, others) => some === others || JSON.stringify(some) === JSON.stringify(others);
