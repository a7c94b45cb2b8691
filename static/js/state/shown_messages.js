// Which messages the page holds, and in what state: a window of the room, never longer than MOST. Pure.

import { isFolded } from "./blocked.js";
import { merged, withDelta } from "./reply_text.js";
import { excerptOf } from "../lib/message_text.js";

export const MOST = 300; // messages in the page
const TRIMMED = 240; // … after older or newer ones were let go
const WRITING = new Set(["queued", "streaming"]);
const MOST_COUNTED = 999; // unseen messages
export const EXCERPT = 120; // characters of a quote; rooms/queries/serializers.py has the same

export const NOTHING_UNSEEN = { counted: new Map(), unseen: 0, unseenMention: 0 };

export function upsert(before, event) {
  const known = before.messages.get(event.id);
  if (known && known.seq > event.seq) return before;
  const state = before.counted.has(event.id) ? counting(before, event) : before;
  const message = merged(known, event);
  if (known) return requoted(withMessage(state, message), known);
  if (event.id > state.newestId) return appended(state, message);
  const shown = event.id > (state.ids[0] ?? Infinity) && (state.atNewest || event.id < state.ids.at(-1));
  const put = shown || (state.atOldest && event.id < (state.ids[0] ?? 0))
    ? withIds(state, [message], state.ids)
    : state;
  return requoted(put, null, event);
}

/** The state with a piece of a bot's reply in it; null when something before the piece is missing. */
export function extended(state, { id, at, text }) {
  const known = state.messages.get(id);
  if (!WRITING.has(known?.state)) return state; // a piece that comes late opens no reply again
  const message = withDelta(known, at, text);
  return message && withMessage(state, message);
}

/** The text so far of a reply that is being written, as `welcome` tells it. */
export function withTextSoFar(state, { id, text, message = text }) {
  const known = state.messages.get(id);
  if (!known || typeof message !== "string" || known.message.length >= message.length) return state;
  return withMessage(state, { ...known, state: "streaming", message, length: undefined });
}

/** A page of history: older or newer messages beside those shown, or others in their place. */
export function page(state, event) {
  const next = placed(state, event);
  // It was read before what is known here, and may lack that: what came since is asked for again.
  if (event.seq < state.heard) {
    return { ...next, seq: event.seq, heard: event.seq, catchingUp: true, repairs: state.repairs + 1 };
  }
  return event.where === "newest" && event.seq !== undefined ? { ...next, seq: event.seq, catchingUp: false } : next;
}

function placed(before, { messages, more, where }) {
  const fresh = messages.map((message) => newer(before.messages.get(message.id), message));
  const state = { ...before, pending: unsaid(before, fresh) };
  const last = fresh.at(-1)?.id;
  const newest = Math.max(state.newestId, last ?? 0);
  if (where === "before") {
    const next = withIds({ ...state, atOldest: !more, newId: firstNew(state, fresh) }, fresh, state.ids);
    if (next.ids.length <= MOST) return next;
    return { ...withIds(next, [], next.ids.slice(0, TRIMMED)), atNewest: false };
  }
  if (where === "after") {
    const atNewest = !more && !(last < newest);
    const next = {
      ...withIds(state, fresh, state.ids),
      newestId: newest,
      atNewest,
      missed: atNewest ? 0 : state.missed,
    };
    return next.ids.length <= MOST ? next : { ...withIds(next, [], next.ids.slice(-TRIMMED)), atOldest: false };
  }
  const atNewest = where === "newest" || (last ?? 0) >= state.newestId;
  return {
    ...withIds(state, fresh, []),
    atOldest: !more,
    atNewest,
    newestId: newest,
    missed: atNewest ? 0 : state.missed,
  };
}

/** What of mine is on its way and not among these messages. */
function unsaid({ pending, me }, messages) {
  const said = new Set(messages.map(({ sender, client_id: id }) => sender.id === me.id && id));
  return pending.some(({ id }) => said.has(id)) ? pending.filter(({ id }) => !said.has(id)) : pending;
}

/** The line "new since you left" moves up while all above it is new too: not all of it was in the first page. */
function firstNew({ newId, ids, leftSeq, me }, older) {
  if (newId === null || newId !== ids[0]) return newId;
  const read = older.findLastIndex(({ seq, sender }) => seq <= leftSeq && sender.id !== me.id);
  return older.slice(read + 1).find(({ sender }) => sender.id !== me.id)?.id ?? newId;
}

/** A message after all others: shown, unless the page is cut off from the newest. */
function appended(state, message) {
  const next = { ...unseen(state, message), newestId: message.id };
  if (!state.atNewest) return { ...next, missed: state.missed + 1 };
  if (state.ids.length < MOST) return withIds(next, [message], state.ids);
  if (!state.following) return { ...next, atNewest: false, missed: state.missed + 1 };
  return { ...withIds(next, [message], state.ids.slice(-TRIMMED)), atOldest: false };
}

/** What comes while nobody looks is counted, and the first of it gets the line "new since you left". */
function unseen(state, message) {
  if (state.looking || message.deleted || message.sender.id === state.me.id || isFolded(message, state.blocked)) {
    return state;
  }
  const next = state.unseen < MOST_COUNTED ? counting(state, message) : state;
  return state.unseen ? next : { ...next, newId: message.id };
}

/** The state with this message among the unseen ones: whether it calls for me; no longer, when it is deleted. */
function counting(state, { id, deleted, kind, mentions }) {
  const counted = new Map(state.counted).set(
    id,
    kind !== "notice" && (state.room.kind === "direct" || mentions.includes(state.me.id)),
  );
  if (deleted) counted.delete(id);
  return { ...state, counted, unseen: counted.size, unseenMention: [...counted.values()].filter(Boolean).length };
}

/** Quotes of a message follow what becomes of it, and of its author's name. */
function requoted(state, known, event = state.messages.get(known.id)) {
  const sender = event.sender.name;
  if (known?.sender.name === sender && ["message", "html", "deleted"].every((name) => known[name] === event[name])) {
    return state;
  }
  const excerpt = excerptOf(event, EXCERPT);
  const differs = (quoted) => quoted.excerpt !== excerpt || quoted.sender !== sender;
  const quoting = [...state.messages.values()].filter(({ reply_to: quoted }) =>
    quoted?.id === event.id && differs(quoted)
  );
  if (!quoting.length) return state;
  const messages = new Map(state.messages);
  for (const message of quoting) {
    messages.set(message.id, { ...message, reply_to: { ...message.reply_to, sender, excerpt } });
  }
  return { ...state, messages };
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
