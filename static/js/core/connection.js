// The page's one connection, and the rooms that it is in. It outlives the room that the page shows, and works without.
//
// A server of before this connection refuses its address. Then the address of the room that was opened last is used.

import { emit } from "./bus.js";
import { startLine } from "./line.js";
import { afterClose, backoff, command, newId } from "./protocol.js";

let shared = null;

/** The same for all parts of the page; connects at the first call. */
export const pageConnection = () => (shared ??= makeConnection());

export function makeConnection() {
  const base = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/`;
  const rooms = new Map(); // name → what `open` was told, and {isIn, isOver, attempt, timer}
  const asked = new Map(); // id of a command → who is told the answer
  let isOld = false; // use the address of a room
  let alone = null; // the room whose address is used

  const line = startLine({
    address() {
      alone = isOld ? lastRoom() : null;
      if (!alone) return `${base}page/`;
      return `${base}chat/${encodeURIComponent(alone.name)}/?since=${alone.since()}`;
    },
    receive: (
      { room, events },
    ) => (alone ? takeAlone(alone, events) : room ? take(rooms.get(room), events) : hear(events)),
    changed(connection) {
      if (connection.phase === "live") return;
      for (const room of rooms.values()) if (!room.isOver) room.changed(connection);
    },
    closed({ code, stop, unheard }) {
      isOld = unheard && !isOld && rooms.size > 0;
      asked.clear();
      for (const room of rooms.values()) leave(room, { code, stop });
    },
    probe() {
      const shown = lastRoom();
      if (shown?.isIn) shown.doubt();
      else ask("ping", {}, () => {});
    },
  });

  function lastRoom() {
    return [...rooms.values()].filter(({ isOver }) => !isOver).at(-1);
  }

  // --- what comes in ---

  function takeAlone(room, events) {
    if (rooms.get(room.name) !== room) return;
    if (events.some(({ type }) => type === "welcome")) line.greeted();
    take(room, events);
  }

  /** Events of a room. */
  function take(room, events) {
    if (!room) return; // it was just closed
    if (events.some(({ type }) => type === "welcome")) {
      Object.assign(room, { isIn: true, attempt: 0 });
      room.changed({ phase: "live" });
    }
    room.receive(events);
  }

  /** Answers to commands, and what concerns the account. */
  function hear(events) {
    for (const event of events) {
      if ((event.type === "ack" || event.type === "error") && asked.has(event.id)) {
        asked.get(event.id)(event);
        asked.delete(event.id);
        continue;
      }
      if (event.type === "connected") greeted();
      if (event.type === "unsubscribed") ended(rooms.get(event.room), event.code);
      for (const room of rooms.values()) room.hear(event);
      emit(`wire-${event.type}`, event);
    }
  }

  function greeted() {
    line.greeted();
    for (const room of rooms.values()) enter(room);
  }

  // --- entering rooms ---

  function enter(room) {
    clearTimeout(room.timer);
    if (room.isOver || rooms.get(room.name) !== room) return;
    ask("subscribe", { room: room.name, since: room.since() }, (answer) => {
      if (answer.type === "error") refused(room, answer);
    });
  }

  function refused(room, { code, reason, retry_after: seconds }) {
    if (code === "not_found") return ended(room, 4004);
    if (room.isOver || rooms.get(room.name) !== room) return;
    if (reason === "already_subscribed") ask("unsubscribe", { room: room.name }, () => {});
    leave(room, { code: 1011 });
    const wait = seconds ? seconds * 1000 : backoff(room.attempt++);
    room.changed({ phase: "away", why: "lost", since: Date.now(), retryAt: Date.now() + wait });
    room.timer = setTimeout(() => enter(room), wait);
  }

  /** The server has ended a subscription, and others go on. */
  function ended(room, code) {
    if (!room || room.isOver) return;
    const { stop } = afterClose(code, "", 1);
    leave(room, { code, stop });
    room.isOver = true;
    room.changed({ phase: stop });
  }

  function leave(room, how) {
    clearTimeout(room.timer);
    room.isIn = false;
    room.closed(how);
  }

  /** Send a command that is answered to `then`. */
  function ask(type, fields, then, id = newId()) {
    if (!line.send(command(type, fields, id))) return false;
    if (then) asked.set(id, then);
    return true;
  }

  return {
    /**
     * Be in a room, until `close`. since(): the number of its last change that is known here.
     * receive(events): of the room, and answers; hear(event): of the account. changed(connection): {phase, …}.
     * closed({code, stop}): what was sent may be lost. doubt(): ask for something, to see whether an answer comes.
     */
    open(name, handlers) {
      rooms.get(name)?.close();
      const room = { name, ...handlers, close, isIn: false, isOver: false, attempt: 0, timer: null };
      rooms.set(name, room);
      if (line.connection.phase !== "live") room.changed(line.connection);
      else if (alone) line.drop();
      else enter(room);
      const answered = (event) => rooms.get(name) === room && room.receive([event]);
      return {
        /** Whether it could be sent. */
        send(type, fields, id, isAnswered = true) {
          if (!room.isIn || rooms.get(name) !== room) return false;
          if (alone) return line.send(command(type, fields, id));
          return ask(type, { room: name, ...fields }, isAnswered ? answered : null, id);
        },
        reconnect: line.reconnect,
        drop: line.drop,
        close,
      };

      function close() {
        clearTimeout(room.timer);
        if (rooms.get(name) !== room) return;
        rooms.delete(name);
        if (!alone && !room.isOver) ask("unsubscribe", { room: name }, () => {});
      }
    },
  };
}
