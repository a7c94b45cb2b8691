// Which messages of the room are unread, and which have not been on screen. Pure.
//
// state.unread: null, or {first, since, count, upto}: the first unread message and when it was written; how many are
// unread up to the message `upto`. Later ones are counted in the page. state.seenId: all up to this message has been on
// screen. Jumping past a message, or writing below it, does not mark it read if it has not been there.

import { isFolded } from "./blocked.js";

const MAX_COUNTED = 999;

/** Nothing is unread, and all has been seen. */
export const readState = (state) => ({ unread: null, seenId: Math.max(state.seenId, state.newestId) });

/** All messages from this one on are unread. count: how many there are now, if known. */
export function unreadFrom(state, id, count = null) {
  const since = state.messages.get(id)?.created ?? null;
  const known = count === null ? { count: 0, upto: id - 1 } : { count, upto: state.newestId };
  return { unread: { first: id, since, ...known }, seenId: Math.min(state.seenId, id - 1) };
}

/** The state before a new message is put into it: unless it is mine, it waits to be seen. */
export function withUnreadMessage(state, message) {
  if (!concernsMe(state, message)) return state;
  if (state.unread !== null) return withLine(state, message);
  const unread = { first: message.id, since: message.created, count: 0, upto: message.id - 1 };
  return withLine({ ...state, seenId: message.id - 1 }, message, unread);
}

/** Messages came as a page after a long absence, not one by one: how many lie before them is not known. */
export function withUnreadPage(state, messages, newestBefore) {
  const fresh = messages.find((message) => message.id > newestBefore && concernsMe(state, message));
  if (!fresh || state.unread !== null) return state;
  const first = state.ids.includes(newestBefore) ? fresh.id : newestBefore + 1;
  const unread = { first, since: null, count: 0, upto: newestBefore };
  return { ...state, unread, seenId: newestBefore, newId: fresh.id };
}

/** The line “New” goes above the first message that is not seen at once. */
function withLine(state, message, unread = state.unread) {
  const waits = unseenIds(state)?.length !== 0;
  const newId = state.looking && state.following ? state.newId : waits ? state.newId ?? unread.first : message.id;
  return { ...state, unread, newId };
}

/** The ids in the page that have not been on screen, the oldest first; null: older ones are not even in the page. */
export function unseenIds(state) {
  const { unread, seenId, ids, messages, atOldest } = state;
  if (unread === null) return [];
  if (!atOldest && ids.length && ids[0] > seenId && ids[0] > unread.first) return null;
  return ids.filter((id) => id > seenId && concernsMe(state, messages.get(id)));
}

/** Whether all has been on screen, up to the end of the room. */
export const allSeen = (state) => state.atNewest && unseenIds(state)?.length === 0;

/** How many messages of others are unread. */
export function unreadCount(state) {
  const { unread, ids, messages, atNewest, missed } = state;
  if (unread === null) return 0;
  const later = ids.filter((id) => id > unread.upto && concernsMe(state, messages.get(id))).length;
  return Math.min(MAX_COUNTED, unread.count + later + (atNewest ? 0 : missed));
}

const concernsMe = (state, message) =>
  message.sender.id !== state.me.id && !message.deleted && !isFolded(message, state.blocked);
