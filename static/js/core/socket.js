// A room's part of the page's connection: its events become state, its commands are sent, and said again if need be.

import { emit, on } from "./bus.js";
import { pageConnection } from "./connection.js";
import { newId } from "./protocol.js";

const TIMESTAMPED = new Set(["typing", "welcome", "error"]); // events whose time the state needs
const SILENT_COMMANDS = new Set(["typing", "read"]); // lost without a notice
const IDEMPOTENT_COMMANDS = new Set(["edit", "delete", "react", "unreact", "unread", "pin", "unpin"]); // safe to repeat
const TOO_LARGE = 1009; // close code; the same frame would close the next connection, too
const MAX_UNANSWERED = 50;

export function startSocket(store, connection = pageConnection()) {
  const unanswered = new Map(); // id of a command → {type, fields}
  let resumeId = null; // the id of the last `resume`
  const place = connection.open(store.state.room.name, {
    since: () => store.state.seq,
    receive,
    hear: (event) => store.dispatch(event),
    changed: setPhase,
    closed: ({ code, stop }) => dropUnanswered((type) => stop || code === TOO_LARGE || !IDEMPOTENT_COMMANDS.has(type)),
    doubt: () => store.dispatch({ type: "local.doubt" }),
  });

  function receive(events) {
    const now = Date.now();
    store.dispatch(...events.map((event) => (TIMESTAMPED.has(event.type) ? { ...event, now } : event)));
    for (const { type, id } of events) if (type === "ack" || type === "error") unanswered.delete(id);
    if (events.some((event) => event.type === "welcome")) {
      for (const [id, { type, fields }] of unanswered) send(type, fields, id);
    }
    for (const event of events) emit(`wire-${event.type}`, event);
    // The catch-up was refused: reconnecting asks for it, too.
    if (events.some((event) => event.type === "error" && event.id === resumeId)) place.drop();
  }

  function setPhase(connection) {
    const since = connection.phase === "away" ? (store.state.connection.since ?? connection.since) : undefined;
    store.dispatch({ type: "local.connection", connection: since ? { ...connection, since } : connection });
  }

  /** Drop unanswered commands that cannot be repeated, and tell the user. */
  function dropUnanswered(isLost) {
    const lost = [...unanswered].filter(([, { type }]) => isLost(type));
    for (const [id] of lost) unanswered.delete(id);
    if (lost.length) emit("toast", { key: "notConnected" });
  }

  const send = (type, fields, id) =>
    store.state.connection.phase === "live" && place.send(type, fields, id, type !== "typing");

  store.affect((state, before) => {
    if (state.repairs === before.repairs || !state.catchingUp) return;
    resumeId = newId();
    send("resume", { since: state.seq }, resumeId);
  });
  const offs = [
    on("command", ({ type, fields, id = newId() }) => {
      const sent = send(type, fields, id);
      if (SILENT_COMMANDS.has(type)) return;
      if (!sent && !(IDEMPOTENT_COMMANDS.has(type) && store.state.connection.phase === "live")) {
        return emit("toast", { key: "notConnected" });
      }
      unanswered.set(id, { type, fields });
      if (unanswered.size > MAX_UNANSWERED) unanswered.delete(unanswered.keys().next().value);
    }),
    on("reconnect", place.reconnect),
  ];

  return {
    send,
    /** Leave the room. */
    stop() {
      for (const off of offs) off();
      place.close();
    },
  };
}
