// What I said and the server has not yet told to the room: waiting, sending, sent or failed. Pure.

// Errors that pass by themselves: the message waits and goes out later, with the same id.
export const RETRIED = new Set(["rate_limited", "overloaded", "unavailable"]);

export const pendingHandlers = {
  ack(before, { id, message_id }) {
    const state = before.holdUntil ? { ...before, holdUntil: 0 } : before;
    // No event will come any more for what the page was told long ago, in this visit or an earlier one.
    if (message_id <= state.newestId) return { ...state, pending: dropped(state.pending, id) };
    return { ...state, pending: changed(state.pending, id, { status: "sent", message_id }) };
  },

  error(state, { id, code, reason, params, message, retry_after: seconds = 2, now = 0 }) {
    if (!state.pending.some((item) => item.id === id)) return state;
    const again = RETRIED.has(code);
    const holdUntil = again ? now + seconds * 1000 + 50 : state.holdUntil;
    const error = { code, reason, params, message };
    return {
      ...state,
      holdUntil,
      pending: changed(state.pending, id, again ? { status: "waiting" } : { status: "failed", error }),
    };
  },

  // Who speaks has read: the line above what was new is no longer of use.
  "local.say": (state, { id, message, reply_to = null, created }) => ({
    ...state,
    newId: null,
    pending: [...state.pending, { id, message, reply_to, created, status: "waiting" }],
  }),
  // Kept from an earlier visit: what was refused waits for a decision, and nobody has spoken just now.
  "local.restore"(state, { items }) {
    const there = new Set([...state.messages.values()].map((message) => message.client_id));
    const again = items.filter(({ id }) => !there.has(id)).map((
      item,
    ) => (item.status === "failed" ? item : { ...item, status: "waiting" }));
    return { ...state, pending: [...state.pending, ...again] };
  },
  "local.sending": (state, { id }) => ({ ...state, pending: changed(state.pending, id, { status: "sending" }) }),
  "local.again": (state, { id }) => ({
    ...state,
    pending: changed(state.pending, id, { status: "waiting", error: null }),
  }),
  "local.discard": (state, { id }) => ({ ...state, pending: dropped(state.pending, id) }),
  "local.connection"(state, { connection }) {
    if (connection.phase === "live") return { ...state, connection };
    const pending = state.pending.map((item) => (item.status === "sending" ? { ...item, status: "waiting" } : item));
    return { ...state, connection, pending, typing: new Map() };
  },
};

export const dropped = (
  pending,
  id,
) => (pending.some((item) => item.id === id) ? pending.filter((item) => item.id !== id) : pending);
const changed = (pending, id, fields) => pending.map((item) => (item.id === id ? { ...item, ...fields } : item));
