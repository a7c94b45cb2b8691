// Who is in the room and who types: a pure function of events.

import { shownName } from "../lib/people.js";

const TYPING_MS = 5000;

export const presence = (people, count = people.length) => ({
  online: new Map(people.map((user) => [user.id, user])),
  onlineCount: count,
  stale: false,
});

/** Those who type when one comes; not oneself, who may have typed here a moment ago and reloaded. */
export const typists = (people, me, now) =>
  new Map(
    people.filter(({ id }) => id !== me.id).map((user) => [user.id, { name: shownName(user), until: now + TYPING_MS }]),
  );

export const peopleHandlers = {
  // Without a list, the one we have stays, though it may be old.
  online: (state, { online, count, stale }) => ({ ...state, ...(online && presence(online, count)), stale }),
  joined: (state, { user, online }) => ({
    ...state,
    online: new Map(state.online).set(user.id, user),
    onlineCount: online,
  }),
  left: (state, { user, online }) => ({
    ...state,
    online: without(state.online, user.id),
    typing: without(state.typing, user.id),
    onlineCount: online,
  }),
  typing(state, { user, now = 0 }) {
    if (user.id === state.me.id) return state;
    return { ...state, typing: new Map(state.typing).set(user.id, { name: shownName(user), until: now + TYPING_MS }) };
  },
  person: (state, { user }) => ({
    ...state,
    me: state.me.id === user.id ? user : state.me,
    room: state.room.with?.id === user.id ? { ...state.room, with: user } : state.room,
    online: state.online.has(user.id) ? new Map(state.online).set(user.id, user) : state.online,
    messages: withAuthor(state.messages, user),
  }),
  "local.clock"(state, { now }) {
    const typing = new Map([...state.typing].filter(([, { until }]) => until > now));
    return typing.size === state.typing.size ? state : { ...state, typing };
  },
};

/** The messages with what this person is called now, also in quotes. The same map when none shows them otherwise. */
function withAuthor(messages, { status: _status, ...sender }) {
  const { id, display_name } = sender;
  const changed = [];
  for (const message of messages.values()) {
    const isAuthor = message.sender.id === id && looksOther(message.sender, sender);
    const quote = message.reply_to;
    const isQuoted = quote?.sender_id === id && quote.sender_display_name !== display_name;
    if (!isAuthor && !isQuoted) continue;
    const reply = isQuoted ? withSender(quote, sender) : quote;
    changed.push([message.id, { ...message, sender: isAuthor ? sender : message.sender, reply_to: reply }]);
  }
  return changed.length ? new Map([...messages, ...changed]) : messages;
}

const looksOther = (one, other) => shownName(one) !== shownName(other) || one.avatar !== other.avatar;

/** A quote with what its author is called now. */
export function withSender({ sender_display_name: _before, ...quote }, { name, display_name }) {
  return display_name ? { ...quote, sender: name, sender_display_name: display_name } : { ...quote, sender: name };
}

export function without(map, key) {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

/** Everybody whom this page knows, but me and whom I block: who is here, who wrote what it shows. */
export function knownPeople({ me, room, online, messages, blocked }) {
  const known = new Map(room.with ? [[room.with.id, room.with]] : []);
  for (const { kind, sender } of messages.values()) if (kind !== "notice") known.set(sender.id, sender);
  for (const person of online.values()) known.set(person.id, person);
  return [...known.values()].filter(({ id }) => id !== me.id && !blocked.has(id));
}
