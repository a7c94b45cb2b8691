// What I said and the server has not confirmed: one at a time, in order, with the same id until it is there.

import { emit, on } from "./bus.js";
import { command, newId } from "./protocol.js";
import { storedItem } from "../lib/local_storage.js";
import { RETRIED } from "../state/pending_state.js";
import { refusal } from "../lib/texts.js";

const PATIENCE = 10_000; // then the line is taken for dead

export function startOutbox(store, socket) {
  const stored = storedItem(`outbox:${store.state.me.id}:${store.state.room.name}`);
  const mine = new Set(); // ids of this page: other pages of the room keep theirs in the same place
  let patience = null;
  let held = null;

  on("say", ({ message, replyTo }) => {
    const created = new Date().toISOString();
    store.dispatch({ type: "local.say", id: newId(), message, reply_to: replyTo, created });
  });
  on("say-again", ({ id }) => store.dispatch({ type: "local.again", id }));
  on("discard", ({ id }) => store.dispatch({ type: "local.discard", id }));
  on("wire-error", (error) => {
    const item = store.state.pending.find((each) => each.id === error.id);
    if (item?.status === "failed") return; // it says so itself
    const passing = !item && RETRIED.has(error.code); // only a message goes out by itself
    emit("toast", { text: refusal(passing ? { ...error, code: "passing" } : error) });
  });
  store.affect((state, before) => {
    if (state.pending !== before.pending) keep(state.pending);
    if (state.pending !== before.pending || state.connection !== before.connection) pump();
  });

  const items = stored.get() ?? [];
  for (const { id } of items) mine.add(id);
  store.dispatch({ type: "local.restore", items });

  function keep(pending) {
    for (const { id } of pending) mine.add(id);
    const others = (stored.get() ?? []).filter(({ id }) => !mine.has(id));
    stored.set([...others, ...pending.filter(({ status }) => status !== "sent")]);
  }

  function pump() {
    const { pending, connection, holdUntil } = store.state;
    const underWay = pending.some((item) => item.status === "sending");
    if (!underWay) clearTimeout(patience);
    if (underWay || connection.phase !== "live") return;
    clearTimeout(held);
    if (Date.now() < holdUntil) {
      held = setTimeout(pump, holdUntil - Date.now());
      return;
    }
    const next = pending.find((item) => item.status === "waiting");
    if (!next) return;
    const fields = next.reply_to ? { message: next.message, reply_to: next.reply_to } : { message: next.message };
    if (!socket.send(command("send", fields, next.id))) return;
    clearTimeout(patience);
    patience = setTimeout(() => emit("reconnect"), PATIENCE);
    store.dispatch({ type: "local.sending", id: next.id });
  }
}
