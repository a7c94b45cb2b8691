// What the page knows of its room: a pure function of the events so far. Wire events come as they are; what
// happens in the page itself comes as `local.…`. Nothing here touches the document, the network or the clock.

import { merged, withDelta } from "./reply_text.js";

export const MOST = 300; // messages in the page
const TRIMMED = 240; // … after older or newer ones were let go
const TYPING_MS = 5000;

export function initial({ me, room, seq = 0, readSeq = 0, newId = null, more = false, isNewest = true, messages = [] }) {
  return {
    me, room, seq, readSeq, newId,
    messages: new Map(messages.map((message) => [message.id, message])),
    ids: messages.map((message) => message.id),
    atOldest: !more,
    atNewest: isNewest,
    newestId: messages.at(-1)?.id ?? 0,
    missed: 0, // how many came since the page was cut off from the newest
    following: true, // the reader is at the end
    pending: [], // mine, not yet known to be there: {id, message, reply_to, created, status, error}
    holdUntil: 0, // nothing of mine goes out before: the server asked to wait
    online: new Map(),
    onlineCount: null,
    stale: false, // the server cannot tell who is here just now
    typing: new Map(), // id → {name, until}
    places: new Map(), // waiting reply → its place in the line
    connection: { phase: "connecting" },
    overload: null,
    catchingUp: true, // until `resumed`, numbers may be left out
    repairs: 0, // grows when something is missing: ask `resume`
    resets: 0, // grows when too much is missing: load the timeline anew
  };
}

export function reduce(state, event) {
  const handler = handlers[event.type];
  return handler ? handler(state, event) : state;
}

const handlers = {
  welcome(state, { online, count, typing = [], streaming = [], now = 0 }) {
    // An overload that lasts is told again after the welcome.
    const next = { ...state, ...presence(online, count), typing: new Map(), overload: null, catchingUp: true };
    for (const person of typing) next.typing.set(person.id, { name: person.name, until: now + TYPING_MS });
    return streaming.reduce(withTextSoFar, next);
  },

  message(state, event) {
    const next = upsert(state, event);
    if (state.catchingUp || event.seq <= state.seq) return next;
    if (event.seq === state.seq + 1) return { ...next, seq: event.seq };
    return { ...next, catchingUp: true, repairs: state.repairs + 1 };
  },

  delta(state, { id, at, text }) {
    const known = state.messages.get(id);
    if (!known) return state;
    const message = withDelta(known, at, text);
    if (message === null) return { ...state, catchingUp: true, repairs: state.repairs + 1 };
    return { ...withMessage(state, message), places: without(state.places, id) };
  },

  queue: (state, { id, position }) => ({ ...state, places: new Map(state.places).set(id, position) }),

  ack(before, { id, message_id }) {
    const state = before.holdUntil ? { ...before, holdUntil: 0 } : before;
    if (state.messages.get(message_id)?.client_id === id) return { ...state, pending: dropped(state.pending, id) };
    return { ...state, pending: changed(state.pending, id, { status: "sent", message_id }) };
  },

  error(state, { id, code, message, retry_after: seconds = 2, now = 0 }) {
    if (!state.pending.some((item) => item.id === id)) return state;
    const again = RETRIED.has(code);
    const holdUntil = again ? now + seconds * 1000 + 50 : state.holdUntil;
    return { ...state, holdUntil, pending: changed(state.pending, id, again ? { status: "waiting" } : { status: "failed", error: message }) };
  },

  resumed: (state, { seq }) => ({ ...state, seq: Math.max(state.seq, seq), catchingUp: false }),
  reset: (state) => ({ ...state, catchingUp: true, resets: state.resets + 1 }),
  head(state, { seq }) {
    if (state.catchingUp || seq <= state.seq) return state;
    return { ...state, catchingUp: true, repairs: state.repairs + 1 };
  },

  // Without a list, the one we have stays, though it may be old.
  online: (state, { online, count, stale }) => ({ ...state, ...(online && presence(online, count)), stale }),
  joined: (state, { user, online }) => ({ ...state, online: new Map(state.online).set(user.id, user), onlineCount: online }),
  left: (state, { user, online }) => ({
    ...state, online: without(state.online, user.id), typing: without(state.typing, user.id), onlineCount: online,
  }),
  typing(state, { user, now = 0 }) {
    if (user.id === state.me.id) return state;
    return { ...state, typing: new Map(state.typing).set(user.id, { name: user.name, until: now + TYPING_MS }) };
  },
  broadcast(state, { level, message }) {
    if (level === "info") return state;
    return { ...state, overload: level === "overload" ? message : null };
  },

  "local.say": (state, { id, message, reply_to = null, created }) => ({
    ...state, pending: [...state.pending, { id, message, reply_to, created, status: "waiting" }],
  }),
  "local.sending": (state, { id }) => ({ ...state, pending: changed(state.pending, id, { status: "sending" }) }),
  "local.again": (state, { id }) => ({ ...state, pending: changed(state.pending, id, { status: "waiting", error: null }) }),
  "local.discard": (state, { id }) => ({ ...state, pending: dropped(state.pending, id) }),
  "local.connection"(state, { connection }) {
    if (connection.phase === "live") return { ...state, connection };
    const pending = state.pending.map((item) => (item.status === "sending" ? { ...item, status: "waiting" } : item));
    return { ...state, connection, pending, typing: new Map() };
  },
  "local.clock"(state, { now }) {
    const typing = new Map([...state.typing].filter(([, { until }]) => until > now));
    return typing.size === state.typing.size ? state : { ...state, typing };
  },
  "local.follow": (state, { following }) => (state.following === following ? state : { ...state, following }),
  "local.read": (state, { seq }) => ({ ...state, readSeq: Math.max(state.readSeq, seq) }),
  "local.seen": (state) => ({ ...state, newId: null }),
  "local.page": page,
};

// Errors that pass by themselves: the message waits and goes out later, with the same id.
const RETRIED = new Set(["rate_limited", "overloaded", "unavailable"]);

/** A page of history: older or newer messages beside those shown, or others in their place. */
function page(state, { messages, more, where, seq }) {
  const fresh = messages.map((message) => newer(state.messages.get(message.id), message));
  const newest = Math.max(state.newestId, fresh.at(-1)?.id ?? 0);
  if (where === "before") {
    const next = withIds({ ...state, atOldest: !more }, fresh, state.ids);
    if (next.ids.length <= MOST) return next;
    return { ...withIds(next, [], next.ids.slice(0, TRIMMED)), atNewest: false };
  }
  if (where === "after") {
    const next = { ...withIds(state, fresh, state.ids), newestId: newest, atNewest: !more, missed: more ? state.missed : 0 };
    return next.ids.length <= MOST ? next : { ...withIds(next, [], next.ids.slice(-TRIMMED)), atOldest: false };
  }
  const atNewest = where === "newest" || (fresh.at(-1)?.id ?? 0) >= state.newestId;
  const next = { ...withIds(state, fresh, []), atOldest: !more, atNewest, newestId: newest, missed: atNewest ? 0 : state.missed };
  return where === "newest" && seq !== undefined ? { ...next, seq, catchingUp: false } : next;
}

function upsert(state, event) {
  const known = state.messages.get(event.id);
  if (known && known.seq > event.seq) return state;
  const next = {
    ...state,
    pending: event.sender.id === state.me.id ? dropped(state.pending, event.client_id) : state.pending,
    typing: event.kind === "human" && !known ? without(state.typing, event.sender.id) : state.typing,
    places: event.state === "queued" ? state.places : without(state.places, event.id),
  };
  const message = merged(known, event);
  if (known) return withMessage(next, message);
  if (event.id > state.newestId) return appended(next, message);
  const shown = event.id > (state.ids[0] ?? Infinity) && (state.atNewest || event.id < state.ids.at(-1));
  return shown || (state.atOldest && event.id < (state.ids[0] ?? 0)) ? withIds(next, [message], state.ids) : next;
}

/** A message after all others: shown, unless the page is cut off from the newest. */
function appended(state, message) {
  const next = { ...state, newestId: message.id };
  if (!state.atNewest) return { ...next, missed: state.missed + 1 };
  if (state.ids.length < MOST) return withIds(next, [message], state.ids);
  if (!state.following) return { ...next, atNewest: false, missed: state.missed + 1 };
  return { ...withIds(next, [message], state.ids.slice(-TRIMMED)), atOldest: false };
}

/** The state with exactly these messages: those of `ids` that it has, and `more`. */
function withIds(state, more, ids) {
  const added = new Map(more.map((message) => [message.id, message]));
  const all = [...new Set([...ids, ...added.keys()])].sort((a, b) => a - b);
  return { ...state, ids: all, messages: new Map(all.map((id) => [id, added.get(id) ?? state.messages.get(id)])) };
}

function withMessage(state, message) {
  return { ...state, messages: new Map(state.messages).set(message.id, message) };
}

const newer = (known, message) => (known && known.seq > message.seq ? known : merged(known, message));

function withTextSoFar(state, { id, text, message = text }) {
  const known = state.messages.get(id);
  if (!known || typeof message !== "string" || known.message.length >= message.length) return state;
  return withMessage(state, { ...known, state: "streaming", message, length: undefined });
}

const presence = (people, count = people.length) => ({
  online: new Map(people.map((user) => [user.id, user])),
  onlineCount: count,
  stale: false,
});

function without(map, key) {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

const dropped = (pending, id) => (pending.some((item) => item.id === id) ? pending.filter((item) => item.id !== id) : pending);
const changed = (pending, id, fields) => pending.map((item) => (item.id === id ? { ...item, ...fields } : item));
