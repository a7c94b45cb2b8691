// The WebSocket connection, with reconnecting.

import { emit, on } from "./bus.js";
import { afterClose, command, newId, parseFrame, SUBPROTOCOL } from "./protocol.js";
import { onWake } from "../lib/wake_detector.js";

const TIMED = new Set(["typing", "welcome", "error"]); // what the state wants to know the moment of
const UNTOLD = new Set(["typing", "read"]); // nobody misses them
const AGAIN = new Set(["edit", "delete", "react", "unreact"]); // said twice, they have effect once
const TOO_LARGE = 1009; // a frame that would end the next line too
const MOST_UNANSWERED = 50;
const SILENCE = 45_000; // ms; the server says something each 20 s
const FRESH = 5_000; // ms since something was heard, in which nobody has to ask whether the line lives
const ANSWER = 4_000; // ms in which a line that lives answers
const OPENING = 15_000; // ms that opening one may take

export function startSocket(store) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}/ws/chat/${encodeURIComponent(store.state.room.name)}/`;
  let socket = null;
  let lookAgain = 0;
  let attempt = 0;
  let timer = null;
  let silence = null;
  let heard = 0; // when something came last, or the line was opened
  const unanswered = new Map(); // id of a command → {type, frame}
  let asked = null; // the id of the last `resume`
  let isAsking = false; // whether the line is alive
  let answered = null; // when that was answered last
  let stopped = false; // for good
  let paused = false; // while the page is put away

  function open() {
    clearTimeout(timer);
    if (stopped || paused || socket) return;
    socket = new WebSocket(`${address}?since=${store.state.seq}`, SUBPROTOCOL);
    socket.onmessage = ({ data }) => received(parseFrame(data));
    socket.onclose = ({ code, reason }) => closed(code, reason);
    expectSomething();
  }

  function received(events) {
    expectSomething();
    if (isAsking) answered = heard;
    isAsking = false;
    const now = Date.now();
    if (events.some((event) => event.type === "welcome")) {
      attempt = 0;
      setPhase({ phase: "live" });
    }
    store.dispatch(...events.map((event) => (TIMED.has(event.type) ? { ...event, now } : event)));
    for (const { type, id } of events) if (type === "ack" || type === "error") unanswered.delete(id);
    if (events.some((event) => event.type === "welcome")) { for (const { frame } of unanswered.values()) send(frame); }
    for (const event of events) emit(`wire-${event.type}`, event);
    // What is missing was refused: coming back asks for it too.
    if (events.some((event) => event.type === "error" && event.id === asked)) drop();
  }

  function closed(code, reason) {
    clearTimeout(silence);
    isAsking = false;
    socket = null;
    if (stopped) return;
    const { stop, wait, why } = afterClose(code, reason, attempt);
    forget((type) => stop || code === TOO_LARGE || !AGAIN.has(type));
    if (stop) {
      stopped = true;
      setPhase({ phase: stop });
      return;
    }
    attempt += 1;
    const since = store.state.connection.since ?? Date.now();
    setPhase({ phase: "away", why, since, retryAt: Date.now() + wait });
    timer = setTimeout(open, wait);
  }

  /** Nothing heard for long: the line is dead, though nobody said so. */
  function expectSomething(within = SILENCE) {
    if (within === SILENCE) heard = Date.now();
    clearTimeout(silence);
    silence = setTimeout(drop, within);
  }

  /** Nothing could be heard while the page slept. Is the line alive? What was missed is asked for with the same. */
  function wake() {
    const quiet = Date.now() - heard;
    const isLive = store.state.connection.phase === "live";
    if (!socket) return open();
    if (!isLive && quiet > OPENING) return drop();
    if (!isLive || isAsking) return;
    if (quiet < FRESH) return answered === heard || lookLater(FRESH - quiet);
    isAsking = true;
    store.dispatch({ type: "local.doubt" });
    expectSomething(ANSWER);
  }

  /** A line that was alive a moment ago may have died since: ask if nothing is heard for a while. */
  function lookLater(ms) {
    const last = heard;
    clearTimeout(lookAgain);
    lookAgain = setTimeout(() => heard === last && wake(), ms);
  }

  function drop() {
    if (!socket) return;
    letGo();
    closed(1006, "");
  }

  function letGo() {
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  /** Let go of what cannot be said again, and say so. */
  function forget(isLost) {
    const lost = [...unanswered].filter(([, { type }]) => isLost(type));
    for (const [id] of lost) unanswered.delete(id);
    if (lost.length) emit("toast", { key: "notConnected" });
  }

  function send(frame) {
    if (socket?.readyState !== WebSocket.OPEN || store.state.connection.phase !== "live") return false;
    socket.send(frame);
    return true;
  }

  const setPhase = (connection) => store.dispatch({ type: "local.connection", connection });
  const again = () => !socket && open();

  store.affect((state, before) => {
    if (state.repairs === before.repairs || !state.catchingUp) return;
    asked = newId();
    send(command("resume", { since: state.seq }, asked));
  });
  on("command", ({ type, fields, id = newId() }) => {
    const frame = command(type, fields, id);
    const sent = send(frame);
    if (UNTOLD.has(type)) return;
    if (!sent && !(AGAIN.has(type) && store.state.connection.phase === "live")) {
      return emit("toast", { key: "notConnected" });
    }
    unanswered.set(id, { type, frame });
    if (unanswered.size > MOST_UNANSWERED) unanswered.delete(unanswered.keys().next().value);
  });
  on("reconnect", () => (socket ? drop() : again()));
  addEventListener("offline", drop);
  onWake(wake);
  // A browser keeps a page that one leaves, for when one comes back, only without a connection.
  addEventListener("pagehide", () => {
    clearTimeout(timer);
    clearTimeout(silence);
    letGo();
    forget((type) => !AGAIN.has(type));
    paused = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    paused = false;
    if (!persisted || stopped) return;
    attempt = 0;
    setPhase({ phase: "connecting" });
    again();
  });

  open();
  return { send };
}
