// Sends my messages one at a time, in order, and repeats each with the same id until the server confirms it.

import { emit, on } from "./bus.js";
import { makeLater } from "./scope.js";
import { newId } from "./protocol.js";
import { storedItem } from "../lib/local_storage.js";
import { RETRIED_ERRORS } from "../state/pending_state.js";
import { errorText } from "../lib/texts.js";

const SEND_TIMEOUT = 10_000; // ms; then the connection is taken for dead

export function startOutbox(store, socket) {
  const stored = storedItem(`outbox:${store.state.me.id}:${store.state.room.name}`);
  const mine = new Set(); // ids of this page; other pages of the room store theirs under the same key
  const later = makeLater();
  let sendTimer = null;
  let holdTimer = null;

  on("say", ({ message, replyTo, files }) => {
    const created = new Date().toISOString();
    store.dispatch({ type: "local.say", id: newId(), message, reply_to: replyTo, files, created });
  });
  on("say-again", ({ id }) => store.dispatch({ type: "local.again", id }));
  on("discard", ({ id }) => store.dispatch({ type: "local.discard", id }));
  on("wire-error", (error) => {
    const item = store.state.pending.find((each) => each.id === error.id);
    if (item?.status === "failed") return; // the message shows the error itself
    const passing = !item && RETRIED_ERRORS.has(error.code); // only messages are retried
    emit("toast", { text: errorText(passing ? { ...error, code: "passing" } : error) });
  });
  store.affect((state, before) => {
    if (state.pending !== before.pending) persist(state.pending);
    if (state.pending !== before.pending && state.pending.some(isUploading)) emit("send-files");
    if (state.pending !== before.pending || state.connection !== before.connection) sendNext();
  });

  on("signed-in", () => persist(store.state.pending));

  const items = stored.get() ?? [];
  for (const { id } of items) mine.add(id);
  store.dispatch({ type: "local.restore", items });

  function persist(pending) {
    for (const { id } of pending) mine.add(id);
    const others = (stored.get() ?? []).filter(({ id }) => !mine.has(id));
    stored.set([...others, ...pending.filter(({ status }) => status !== "sent").map(withoutPictures)]);
  }

  function sendNext() {
    const { pending, connection, holdUntil } = store.state;
    const underWay = pending.some((item) => item.status === "sending");
    if (!underWay) clearTimeout(sendTimer);
    if (underWay || connection.phase !== "live") return;
    clearTimeout(holdTimer);
    if (Date.now() < holdUntil) {
      holdTimer = later(holdUntil - Date.now(), sendNext);
      return;
    }
    const next = pending.find((item) => item.status === "waiting");
    if (!next) return;
    const fields = { message: next.message };
    if (next.reply_to) fields.reply_to = next.reply_to;
    if (next.files) fields.files = next.files.map(({ id }) => id);
    if (!socket.send("send", fields, next.id)) return;
    clearTimeout(sendTimer);
    sendTimer = later(SEND_TIMEOUT, () => emit("reconnect"));
    store.dispatch({ type: "local.sending", id: next.id });
  }
}

const isUploading = ({ status }) => status === "uploading"; // files/sending.js says when it may go

/** The small pictures of its files are too large to be kept here. */
const withoutPictures = (item) =>
  item.files ? { ...item, files: item.files.map(({ thumb: _, width: _w, height: _h, ...file }) => file) } : item;
