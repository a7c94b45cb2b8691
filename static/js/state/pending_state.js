// My messages that the room does not have yet: waiting, sending, sent or failed. Pure.

import { allSeen } from "./unread.js";

// Temporary errors: the message waits and is sent again with the same id.
export const RETRIED_ERRORS = new Set(["rate_limited", "overloaded", "unavailable"]);

export const pendingHandlers = {
  ack(before, { id, message_id }) {
    const state = before.holdUntil ? { ...before, holdUntil: 0 } : before;
    // The page already has this message, so no event will come for it.
    if (message_id <= state.newestId) return { ...state, pending: withoutItem(state.pending, id) };
    return { ...state, pending: withChangedItem(state.pending, id, { status: "sent", message_id }) };
  },

  error(state, { id, code, reason, params, message, retry_after: seconds = 2, now = 0 }) {
    if (!state.pending.some((item) => item.id === id)) return state;
    const again = RETRIED_ERRORS.has(code);
    const holdUntil = again ? now + seconds * 1000 + 50 : state.holdUntil;
    const error = { code, reason, params, message };
    return {
      ...state,
      holdUntil,
      pending: withChangedItem(state.pending, id, again ? { status: "waiting" } : { status: "failed", error }),
    };
  },

  // Whoever writes has read what they saw: remove the line “New”, unless something was never on screen.
  "local.say": (state, { id, message, reply_to = null, files, created }) => ({
    ...state,
    newId: allSeen(state) ? null : state.newId,
    keptUnread: false,
    pending: [
      ...state.pending,
      { id, message, reply_to, created, ...(files && { files }), status: files ? "uploading" : "waiting" },
    ],
  }),
  // Stored by an earlier visit. Messages that had failed stay so until the user decides.
  "local.restore"(state, { items }) {
    const there = new Set([...state.messages.values()].map((message) => message.client_id));
    const again = items.filter(({ id }) => !there.has(id)).map((
      item,
    ) => (item.status === "failed" ? item : { ...item, status: ready(item) }));
    return { ...state, pending: [...state.pending, ...again] };
  },
  "local.sending": (state, { id }) => ({
    ...state,
    pending: withChangedItem(state.pending, id, { status: "sending" }),
  }),
  "local.again": (state, { id }) => ({
    ...state,
    pending: state.pending.map((item) =>
      item.id === id ? { ...item, status: item.files ? "uploading" : "waiting", error: null } : item
    ),
  }),
  "local.uploading": (state, { id, percent }) => ({
    ...state,
    pending: withChangedItem(state.pending, id, { percent }),
  }),
  // All of its files are there, by these ids.
  "local.uploaded": (state, { id, ids }) => ({
    ...state,
    pending: state.pending.map((item) =>
      item.id === id
        ? { ...item, status: "waiting", files: item.files.map((file, place) => ({ ...file, id: ids[place] })) }
        : item
    ),
  }),
  "local.discard": (state, { id }) => ({ ...state, pending: withoutItem(state.pending, id) }),
  "local.connection"(state, { connection }) {
    if (connection.phase === "live") return { ...state, connection };
    const pending = state.pending.map((item) => (item.status === "sending" ? { ...item, status: "waiting" } : item));
    return { ...state, connection, pending, typing: new Map() };
  },
};

const ready = ({ files = [] }) => (files.every(({ id }) => id) ? "waiting" : "uploading");

export const withoutItem = (
  pending,
  id,
) => (pending.some((item) => item.id === id) ? pending.filter((item) => item.id !== id) : pending);
const withChangedItem = (pending, id, fields) =>
  pending.map((item) => (item.id === id ? { ...item, ...fields } : item));
