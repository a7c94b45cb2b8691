// The messages in the page: a window of the room with at most MAX_MESSAGES. Pure.

import { isFolded } from "./blocked.js";
import { mergeMessage, withDelta, withRendered } from "./reply_text.js";
import { shownName } from "../lib/people.js";
import { withSender } from "./people_state.js";
import { excerptOf } from "../lib/message_text.js";
import { withUnreadMessage, withUnreadPage } from "./unread.js";

export const MAX_MESSAGES = 300; // messages in the page
const TRIMMED_LENGTH = 240; // messages left after removing older or newer ones
const WRITING = new Set(["queued", "streaming"]);
const MAX_UNSEEN = 999; // unseen messages
export const EXCERPT_LENGTH = 120; // characters of a quote; rooms/queries/serializers.py has the same

export const NOTHING_UNSEEN = { counted: new Map(), unseen: 0, unseenMention: 0 };

export function upsert(before, event) {
  const known = before.messages.get(event.id);
  if (known && known.seq > event.seq) return before;
  const state = before.counted.has(event.id) ? withUnseen(before, event) : before;
  const message = mergeMessage(known, event);
  if (known) return withUpdatedQuotes(withMessage(state, message), known);
  if (event.id > state.newestId) return withAppended(state, message);
  const shown = event.id > (state.ids[0] ?? Infinity) && (state.atNewest || event.id < state.ids.at(-1));
  const put = shown || (state.atOldest && event.id < (state.ids[0] ?? 0))
    ? withIds(state, [message], state.ids)
    : state;
  return withUpdatedQuotes(put, null, event);
}

/** The state with a piece of a bot's reply added; null when an earlier piece is missing. */
export function withDeltaOf(state, { id, at, text }) {
  const known = state.messages.get(id);
  if (!WRITING.has(known?.state)) return state; // a late piece does not reopen a finished reply
  const message = withDelta(known, at, text);
  return message && withMessage(state, message);
}

/** The state with the HTML of finished blocks of a bot's reply. */
export function withRenderedOf(state, event) {
  const known = state.messages.get(event.id);
  if (known?.state !== "streaming") return state;
  const message = withRendered(known, event);
  return message === known ? state : withMessage(state, message);
}

/** The state with the text so far of a streaming reply, as in `welcome`. */
export function withTextSoFar(state, { id, text, message = text }) {
  const known = state.messages.get(id);
  if (!known || typeof message !== "string" || known.message.length >= message.length) return state;
  return withMessage(state, mergeMessage(known, { ...known, state: "streaming", message, length: undefined }));
}

/** Add a page of history: older or newer messages beside those shown, or others in their place. */
export function applyPage(state, event) {
  const next = withPage(state, event);
  // The page was read before the latest events, and may lack them: request them again.
  if (event.seq < state.heard) {
    return { ...next, seq: event.seq, heard: event.seq, catchingUp: true, repairs: state.repairs + 1 };
  }
  return event.where === "newest" && event.seq !== undefined ? { ...next, seq: event.seq, catchingUp: false } : next;
}

function withPage(before, { messages, more, where }) {
  const fresh = messages.map((message) => newerOf(before.messages.get(message.id), message));
  const state = { ...before, pending: unconfirmed(before, fresh) };
  const last = fresh.at(-1)?.id;
  const newest = Math.max(state.newestId, last ?? 0);
  if (where === "before") {
    const next = withIds({ ...state, atOldest: !more, newId: firstNewId(state, fresh) }, fresh, state.ids);
    if (next.ids.length <= MAX_MESSAGES) return next;
    return { ...withIds(next, [], next.ids.slice(0, TRIMMED_LENGTH)), atNewest: false };
  }
  if (where === "after") {
    const atNewest = !more && !(last < newest);
    const next = {
      ...withIds(state, fresh, state.ids),
      newestId: newest,
      atNewest,
      missed: atNewest ? 0 : state.missed,
    };
    const known = withUnreadPage(next, fresh, state.newestId);
    return known.ids.length <= MAX_MESSAGES
      ? known
      : { ...withIds(known, [], known.ids.slice(-TRIMMED_LENGTH)), atOldest: false };
  }
  const atNewest = where === "newest" || (last ?? 0) >= state.newestId;
  const next = {
    ...withIds(state, fresh, []),
    atOldest: !more,
    atNewest,
    newestId: newest,
    missed: atNewest ? 0 : state.missed,
  };
  return withUnreadPage(next, fresh, state.newestId);
}

/** My pending messages that are not among these messages. */
function unconfirmed({ pending, me }, messages) {
  const said = new Set(messages.map(({ sender, client_id: id }) => sender.id === me.id && id));
  return pending.some(({ id }) => said.has(id)) ? pending.filter(({ id }) => !said.has(id)) : pending;
}

/** The line "new since you left" moves up while all above it is new too: not all of it was in the first page. */
function firstNewId({ newId, ids, leftSeq, me }, older) {
  if (newId === null || newId !== ids[0]) return newId;
  const read = older.findLastIndex(({ seq, sender }) => seq <= leftSeq && sender.id !== me.id);
  return older.slice(read + 1).find(({ sender }) => sender.id !== me.id)?.id ?? newId;
}

/** Append a new message: shown, unless the page does not reach to the newest. */
function withAppended(state, message) {
  const next = { ...countIfUnseen(withUnreadMessage(state, message), message), newestId: message.id };
  if (!state.atNewest) return { ...next, missed: state.missed + 1 };
  if (state.ids.length < MAX_MESSAGES) return withIds(next, [message], state.ids);
  if (!state.following) return { ...next, atNewest: false, missed: state.missed + 1 };
  return { ...withIds(next, [message], state.ids.slice(-TRIMMED_LENGTH)), atOldest: false };
}

/** Messages that come while nobody looks are counted. */
function countIfUnseen(state, message) {
  if (state.looking || message.deleted || message.sender.id === state.me.id || isFolded(message, state.blocked)) {
    return state;
  }
  return state.unseen < MAX_UNSEEN ? withUnseen(state, message) : state;
}

/** The state with this message counted as unseen, and whether it calls for me; not counted when it is deleted. */
function withUnseen(state, { id, deleted, kind, mentions }) {
  const counted = new Map(state.counted).set(
    id,
    kind !== "notice" && (state.room.kind === "direct" || mentions.includes(state.me.id)),
  );
  if (deleted) counted.delete(id);
  return { ...state, counted, unseen: counted.size, unseenMention: [...counted.values()].filter(Boolean).length };
}

/** Update quotes of a message after a change of its text or of its author's name. */
function withUpdatedQuotes(state, known, event = state.messages.get(known.id)) {
  const { name: sender, display_name } = event.sender;
  if (
    known && shownName(known.sender) === shownName(event.sender) &&
    ["message", "html", "deleted"].every((name) => known[name] === event[name])
  ) {
    return state;
  }
  const excerpt = excerptOf(event, EXCERPT_LENGTH);
  const differs = (quoted) =>
    quoted.excerpt !== excerpt || quoted.sender !== sender || quoted.sender_display_name !== display_name;
  const quoting = [...state.messages.values()].filter(({ reply_to: quoted }) =>
    quoted?.id === event.id && differs(quoted)
  );
  if (!quoting.length) return state;
  const messages = new Map(state.messages);
  for (const message of quoting) {
    messages.set(message.id, { ...message, reply_to: withSender({ ...message.reply_to, excerpt }, event.sender) });
  }
  return { ...state, messages };
}

/** The state with exactly these messages: the known ones of `ids`, and `more`. */
function withIds(state, more, ids) {
  const added = new Map(more.map((message) => [message.id, message]));
  const all = [...new Set([...ids, ...added.keys()])].sort((a, b) => a - b);
  return { ...state, ids: all, messages: new Map(all.map((id) => [id, added.get(id) ?? state.messages.get(id)])) };
}

function withMessage(state, message) {
  return { ...state, messages: new Map(state.messages).set(message.id, message) };
}

const newerOf = (known, message) => (known && known.seq > message.seq ? known : mergeMessage(known, message));
