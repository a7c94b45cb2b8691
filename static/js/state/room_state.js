// The state of the room page: a pure function of the events so far. Events of the wire are unchanged; events of the page
// itself are named `local.…`. Nothing here uses the document, the network or the clock.

import { pendingHandlers, withoutItem } from "./pending_state.js";
import { peopleHandlers, presence, typists, without } from "./people_state.js";
import { codePoints } from "./reply_text.js";
import { readState, unreadFrom } from "./unread.js";
import { applyPage, NOTHING_UNSEEN, upsert, withDeltaOf, withRenderedOf, withTextSoFar } from "./shown_messages.js";

const NO_OVERLOAD = { server: null, room: null, over: null }; // notices: of an overload, and of its end (over)

export function initial(
  {
    me,
    room,
    seq = 0,
    readSeq = 0,
    newId = null,
    more = false,
    isNewest = true,
    newestId = null,
    messages = [],
    blocked = [],
    unread = null,
  },
) {
  newestId ??= messages.at(-1)?.id ?? 0;
  return {
    me,
    room,
    seq,
    readSeq,
    newId,
    heard: seq, // the highest seq received; lower ones may be missing
    leftSeq: readSeq, // the read position when the page was opened
    keptUnread: false, // I marked something unread: it is not read by being looked at
    messages: new Map(messages.map((message) => [message.id, message])),
    ids: messages.map((message) => message.id),
    atOldest: !more,
    atNewest: isNewest,
    newestId,
    unread: unread && { ...unread, upto: newestId }, // see unread.js
    seenId: unread ? unread.first - 1 : newestId,
    missed: 0, // how many messages came while atNewest was false
    following: true, // the reader is at the end
    looking: true, // the page is in front of somebody
    ...NOTHING_UNSEEN, // unseen: how many of others came while it was not; unseenMention: how many of them call for me
    pending: [], // my messages that are not confirmed: {id, message, reply_to, created, status, error}
    holdUntil: 0, // send nothing before: the server asked to wait
    online: new Map(),
    onlineCount: null,
    stale: false, // the server does not know who is here now
    blocked: new Set(blocked), // ids of people whom I have blocked
    typing: new Map(), // id → {name, until}
    places: new Map(), // id of a waiting reply → its position in the queue
    progress: new Map(), // id of a reply without words → {doing, seconds, tokens}
    thoughts: new Map(), // id of a reply → {text, seconds}: what its model has said of its thoughts
    connection: { phase: "connecting" },
    overload: NO_OVERLOAD,
    catchingUp: true, // until `resumed`, numbers may be skipped
    repairs: 0, // grows when events are missing: send `resume`
    resets: 0, // grows when too much is missing: reload the timeline
  };
}

export function reduce(state, event) {
  const handler = handlers[event.type];
  return handler ? handler(state, event) : state;
}

const handlers = {
  ...peopleHandlers,
  ...pendingHandlers,

  welcome(state, { online, count, typing = [], streaming = [], now = 0 }) {
    // If an overload continues, its notice comes again after the welcome.
    const next = {
      ...state,
      ...presence(online, count),
      typing: typists(typing, state.me, now),
      overload: NO_OVERLOAD,
      catchingUp: true,
    };
    return streaming.reduce(withTextSoFar, next);
  },

  message(state, event) {
    const next = { ...upsert(withoutPending(state, event), event), heard: Math.max(state.heard, event.seq) };
    if (state.catchingUp || event.seq <= state.seq) return next;
    if (event.seq === state.seq + 1) return { ...next, seq: event.seq };
    return requestRepair(next);
  },

  delta(state, event) {
    const next = withDeltaOf(state, event);
    if (next === null) return requestRepair(state);
    if (next === state) return state;
    return { ...next, places: without(state.places, event.id), progress: without(state.progress, event.id) };
  },

  rendered: withRenderedOf,
  progress: (state, { id, doing, seconds, tokens = 0 }) => ({
    ...state,
    progress: new Map(state.progress).set(id, { doing, seconds, tokens }),
  }),
  thought: withThought,
  queue: (state, { id, position }) => ({ ...state, places: new Map(state.places).set(id, position) }),

  resumed: (state, { seq }) => ({
    ...state,
    seq: Math.max(state.seq, seq),
    heard: Math.max(state.heard, seq),
    catchingUp: false,
  }),
  reset: (state) => ({ ...state, catchingUp: true, resets: state.resets + 1 }),
  head: (state, { seq }) => (state.catchingUp || seq <= state.seq ? state : requestRepair(state)),

  broadcast(state, notice) {
    if (notice.level === "info") return state;
    const [place, over] = [notice.room ? "room" : "server", notice.level === "normal"];
    return { ...state, overload: { ...state.overload, [place]: over ? null : notice, over: over ? notice : null } };
  },
  unread(state, { room, seq, unread, read, first }) {
    if (room !== state.room.name) return state;
    if (first !== undefined) return markedUnread({ ...state, readSeq: read, leftSeq: read }, first, unread);
    // Read to the end in another tab or on another device.
    if (unread > 0 || seq < state.seq) return state;
    return {
      ...state,
      readSeq: Math.max(state.readSeq, seq),
      keptUnread: false,
      ...readState(state),
      ...NOTHING_UNSEEN,
    };
  },

  blocks(state, { blocked }) {
    const same = blocked.length === state.blocked.size && blocked.every((id) => state.blocked.has(id));
    return same ? state : { ...state, blocked: new Set(blocked) };
  },

  "local.doubt": (state) => requestRepair(state), // the connection may have been dead for a while
  "local.follow": (state, { following }) => (state.following === following ? state : { ...state, following }),
  "local.look": (state, { looking }) => (state.looking === looking ? state : { ...state, looking, ...NOTHING_UNSEEN }),
  "local.read": (state, { seq }) => ({
    ...state,
    readSeq: Math.max(state.readSeq, seq),
    keptUnread: false,
    ...readState(state),
  }),
  "local.seen": (state, { id }) => (id > state.seenId ? { ...state, seenId: id } : state),
  "local.line": (state, { id }) => (id === state.newId ? state : { ...state, newId: id }),
  "local.unread": (state, { id }) => markedUnread(state, id),
  "local.renamed": (state, { title }) =>
    state.room.title === title ? state : { ...state, room: { ...state.room, title } },
  "local.page": applyPage,
};

function withThought(state, { id, at, text, seconds }) {
  if (state.messages.get(id)?.state !== "streaming") return state; // a late piece of a reply that has ended
  const known = state.thoughts.get(id)?.text ?? "";
  // What came before this page did is not told again.
  const whole = at === codePoints(known) ? known + text : at ? `… ${text}` : text;
  return { ...state, thoughts: new Map(state.thoughts).set(id, { text: whole, seconds }) };
}

/** I marked a message unread, here or elsewhere: the line “New” goes above it, or above the oldest that is shown. */
function markedUnread(state, id, count) {
  return {
    ...state,
    newId: state.ids.find((each) => each >= id) ?? null,
    keptUnread: true,
    ...unreadFrom(state, id, count),
    ...NOTHING_UNSEEN,
  };
}

const requestRepair = (state) => ({ ...state, catchingUp: true, repairs: state.repairs + 1 });

/** After a message arrives: it is not pending, its author does not type, and its reply does not wait any more. */
function withoutPending(state, event) {
  const known = state.messages.get(event.id);
  if (known && known.seq > event.seq) return state;
  return {
    ...state,
    pending: event.sender.id === state.me.id ? withoutItem(state.pending, event.client_id) : state.pending,
    typing: event.kind === "human" && !known ? without(state.typing, event.sender.id) : state.typing,
    places: event.state === "queued" ? state.places : without(state.places, event.id),
    thoughts: event.state === "queued" || event.deleted ? without(state.thoughts, event.id) : state.thoughts,
    progress: event.state === "streaming" && !event.message ? state.progress : without(state.progress, event.id),
  };
}
