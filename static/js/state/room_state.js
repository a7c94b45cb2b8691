// What the page knows of its room: a pure function of the events so far. Wire events come as they are; what
// happens in the page itself comes as `local.…`. Nothing here touches the document, the network or the clock.

import { dropped, pendingHandlers } from "./pending_state.js";
import { peopleHandlers, presence, typists, without } from "./people_state.js";
import { extended, NOTHING_UNSEEN, page, upsert, withTextSoFar } from "./shown_messages.js";

const NO_LOAD = { server: null, room: null, over: null }; // notices: what is overloaded, and that it no longer is

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
  },
) {
  return {
    me,
    room,
    seq,
    readSeq,
    newId,
    heard: seq, // the highest number that came, though there may be holes before it
    leftSeq: readSeq, // what was read when the page was opened
    messages: new Map(messages.map((message) => [message.id, message])),
    ids: messages.map((message) => message.id),
    atOldest: !more,
    atNewest: isNewest,
    newestId: newestId ?? messages.at(-1)?.id ?? 0,
    missed: 0, // how many came since the page was cut off from the newest
    following: true, // the reader is at the end
    looking: true, // the page is in front of somebody
    ...NOTHING_UNSEEN, // unseen: how many of others came while it was not; unseenMention: how many of them call for me
    pending: [], // mine, not yet known to be there: {id, message, reply_to, created, status, error}
    holdUntil: 0, // nothing of mine goes out before: the server asked to wait
    online: new Map(),
    onlineCount: null,
    stale: false, // the server cannot tell who is here just now
    blocked: new Set(blocked), // ids of people whom I have blocked
    typing: new Map(), // id → {name, until}
    places: new Map(), // waiting reply → its place in the line
    connection: { phase: "connecting" },
    overload: NO_LOAD,
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
  ...peopleHandlers,
  ...pendingHandlers,

  welcome(state, { online, count, typing = [], streaming = [], now = 0 }) {
    // An overload that lasts is told again after the welcome.
    const next = {
      ...state,
      ...presence(online, count),
      typing: typists(typing, state.me, now),
      overload: NO_LOAD,
      catchingUp: true,
    };
    return streaming.reduce(withTextSoFar, next);
  },

  message(state, event) {
    const next = { ...upsert(settled(state, event), event), heard: Math.max(state.heard, event.seq) };
    if (state.catchingUp || event.seq <= state.seq) return next;
    if (event.seq === state.seq + 1) return { ...next, seq: event.seq };
    return missing(next);
  },

  delta(state, event) {
    const next = extended(state, event);
    if (next === null) return missing(state);
    return next === state ? state : { ...next, places: without(state.places, event.id) };
  },

  queue: (state, { id, position }) => ({ ...state, places: new Map(state.places).set(id, position) }),

  resumed: (state, { seq }) => ({
    ...state,
    seq: Math.max(state.seq, seq),
    heard: Math.max(state.heard, seq),
    catchingUp: false,
  }),
  reset: (state) => ({ ...state, catchingUp: true, resets: state.resets + 1 }),
  head: (state, { seq }) => (state.catchingUp || seq <= state.seq ? state : missing(state)),

  broadcast(state, notice) {
    if (notice.level === "info") return state;
    const [place, over] = [notice.room ? "room" : "server", notice.level === "normal"];
    return { ...state, overload: { ...state.overload, [place]: over ? null : notice, over: over ? notice : null } };
  },
  unread(state, { room, seq, unread }) {
    // Read to the end in another tab or on another device.
    if (room !== state.room.name || unread > 0 || seq < state.seq) return state;
    return { ...state, readSeq: Math.max(state.readSeq, seq), ...NOTHING_UNSEEN };
  },

  blocks(state, { blocked }) {
    const same = blocked.length === state.blocked.size && blocked.every((id) => state.blocked.has(id));
    return same ? state : { ...state, blocked: new Set(blocked) };
  },

  "local.doubt": (state) => missing(state), // the line may have been dead for a while
  "local.follow": (state, { following }) => (state.following === following ? state : { ...state, following }),
  "local.look": (state, { looking }) => (state.looking === looking ? state : { ...state, looking, ...NOTHING_UNSEEN }),
  "local.read": (state, { seq }) => ({ ...state, readSeq: Math.max(state.readSeq, seq) }),
  "local.renamed": (state, { title }) =>
    state.room.title === title ? state : { ...state, room: { ...state.room, title } },
  "local.page": page,
};

const missing = (state) => ({ ...state, catchingUp: true, repairs: state.repairs + 1 });

/** What a message ends: it is no longer on its way, its writer types no more, its reply no longer waits. */
function settled(state, event) {
  const known = state.messages.get(event.id);
  if (known && known.seq > event.seq) return state;
  return {
    ...state,
    pending: event.sender.id === state.me.id ? dropped(state.pending, event.client_id) : state.pending,
    typing: event.kind === "human" && !known ? without(state.typing, event.sender.id) : state.typing,
    places: event.state === "queued" ? state.places : without(state.places, event.id),
  };
}
