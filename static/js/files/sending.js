// Messages with files: sent once all of these are on the server.

import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";
import { again, get, recover, remove } from "./uploads.js";

export function startSending(store) {
  on("send-files", check);
  on("uploads", check);
  on("say-again", ({ id }) => {
    for (const { key } of filesOf(store.state, id)) if (get(key)?.status !== "there" || isGone(id)) again(key);
  });
  const lost = new Map(); // id of a message → why it failed
  store.affect((state, before) => {
    if (state.pending === before.pending) return;
    const kept = new Set(state.pending.map(({ id }) => id));
    for (const { id, error } of state.pending) if (error) lost.set(id, error.reason);
    // It has arrived, or was discarded.
    for (const { id, files = [] } of before.pending) if (!kept.has(id)) { for (const { key } of files) remove(key); }
  });

  /** Whether the server does not have its files any more. */
  const isGone = (id) => ["no_such_file", "file_sent_already"].includes(lost.get(id));

  async function check() {
    for (const { id, status, files, percent } of store.state.pending) {
      if (status !== "uploading") continue;
      const all = await Promise.all(files.map(({ key }) => get(key) ?? recover(key)));
      if (store.state.pending.find((item) => item.id === id)?.status !== "uploading") continue;
      const failed = all.find((upload) => upload?.status === "failed");
      if (all.includes(undefined) || failed) fail(id, failed?.why ?? t("fileGone"));
      else if (all.every((upload) => upload.status === "there")) {
        store.dispatch({ type: "local.uploaded", id, ids: all.map((upload) => upload.id) });
      } else {
        const size = all.reduce((sum, upload) => sum + upload.size, 1);
        const part = all.reduce((sum, upload) => sum + upload.size * upload.percent, 0) / size;
        if (Math.floor(part) !== percent) store.dispatch({ type: "local.uploading", id, percent: Math.floor(part) });
      }
    }
  }

  function fail(id, message) {
    store.dispatch({ type: "error", id, code: "file", message });
    emit("toast", { text: message });
  }
}

const filesOf = (state, id) => state.pending.find((item) => item.id === id)?.files ?? [];
