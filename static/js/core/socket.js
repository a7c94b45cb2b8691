// The WebSocket connection, with reconnecting.

import { emit, on } from "./bus.js";
import { afterClose, command, newId, parseFrame, SUBPROTOCOL } from "./protocol.js";
import { onWake } from "../lib/wake_detector.js";

const TIMESTAMPED = new Set(["typing", "welcome", "error"]); // events whose time the state needs
const SILENT_COMMANDS = new Set(["typing", "read"]); // lost without a notice
const IDEMPOTENT_COMMANDS = new Set(["edit", "delete", "react", "unreact", "unread"]); // safe to repeat
const TOO_LARGE = 1009; // close code; the same frame would close the next connection, too
const MAX_UNANSWERED = 50;
const SILENCE_TIMEOUT = 45_000; // ms; the server sends something every 20 s
const FRESH_MS = 5_000; // ms since the last frame, in which no probe is needed
const ANSWER_TIMEOUT = 4_000; // ms in which a working connection answers a probe
const OPEN_TIMEOUT = 15_000; // ms for opening a connection

export function startSocket(store) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}/ws/chat/${encodeURIComponent(store.state.room.name)}/`;
  let socket = null;
  let probeTimer = 0;
  let attempt = 0;
  let reconnectTimer = null;
  let silenceTimer = null;
  let lastReceived = 0; // when the last frame came, or the connection was opened
  const unanswered = new Map(); // id of a command → {type, frame}
  let resumeId = null; // the id of the last `resume`
  let isProbing = false; // whether a probe of the connection is unanswered
  let probeAnswered = null; // when the last probe was answered
  let stopped = false; // for good; do not reconnect
  let paused = false; // while the page is in the back/forward cache

  function open() {
    clearTimeout(reconnectTimer);
    if (stopped || paused || socket) return;
    socket = new WebSocket(`${address}?since=${store.state.seq}`, SUBPROTOCOL);
    socket.onmessage = ({ data }) => handleEvents(parseFrame(data));
    socket.onclose = ({ code, reason }) => handleClose(code, reason);
    restartSilenceTimer();
  }

  function handleEvents(events) {
    restartSilenceTimer();
    if (isProbing) probeAnswered = lastReceived;
    isProbing = false;
    const now = Date.now();
    if (events.some((event) => event.type === "welcome")) {
      attempt = 0;
      setPhase({ phase: "live" });
    }
    store.dispatch(...events.map((event) => (TIMESTAMPED.has(event.type) ? { ...event, now } : event)));
    for (const { type, id } of events) if (type === "ack" || type === "error") unanswered.delete(id);
    if (events.some((event) => event.type === "welcome")) { for (const { frame } of unanswered.values()) send(frame); }
    for (const event of events) emit(`wire-${event.type}`, event);
    // The catch-up was refused: reconnecting asks for it, too.
    if (events.some((event) => event.type === "error" && event.id === resumeId)) drop();
  }

  function handleClose(code, reason) {
    clearTimeout(silenceTimer);
    isProbing = false;
    socket = null;
    if (stopped) return;
    const { stop, wait, why } = afterClose(code, reason, attempt);
    dropUnanswered((type) => stop || code === TOO_LARGE || !IDEMPOTENT_COMMANDS.has(type));
    if (stop) {
      stopped = true;
      setPhase({ phase: stop });
      return;
    }
    attempt += 1;
    const since = store.state.connection.since ?? Date.now();
    setPhase({ phase: "away", why, since, retryAt: Date.now() + wait });
    reconnectTimer = setTimeout(open, wait);
  }

  /** Drop the connection if nothing is received in time: it is dead. */
  function restartSilenceTimer(within = SILENCE_TIMEOUT) {
    if (within === SILENCE_TIMEOUT) lastReceived = Date.now();
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(drop, within);
  }

  /** After sleep: probe the connection with a `resume`, which also asks for missed events. */
  function wake() {
    const quiet = Date.now() - lastReceived;
    const isLive = store.state.connection.phase === "live";
    if (!socket) return open();
    if (!isLive && quiet > OPEN_TIMEOUT) return drop();
    if (!isLive || isProbing) return;
    if (quiet < FRESH_MS) return probeAnswered === lastReceived || probeLater(FRESH_MS - quiet);
    isProbing = true;
    store.dispatch({ type: "local.doubt" });
    restartSilenceTimer(ANSWER_TIMEOUT);
  }

  /** A connection that worked a moment ago may have died since: probe it if nothing is received for a while. */
  function probeLater(ms) {
    const last = lastReceived;
    clearTimeout(probeTimer);
    probeTimer = setTimeout(() => lastReceived === last && wake(), ms);
  }

  function drop() {
    if (!socket) return;
    detach();
    handleClose(1006, "");
  }

  function detach() {
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  /** Drop unanswered commands that cannot be repeated, and tell the user. */
  function dropUnanswered(isLost) {
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
  const reopen = () => !socket && open();

  store.affect((state, before) => {
    if (state.repairs === before.repairs || !state.catchingUp) return;
    resumeId = newId();
    send(command("resume", { since: state.seq }, resumeId));
  });
  on("command", ({ type, fields, id = newId() }) => {
    const frame = command(type, fields, id);
    const sent = send(frame);
    if (SILENT_COMMANDS.has(type)) return;
    if (!sent && !(IDEMPOTENT_COMMANDS.has(type) && store.state.connection.phase === "live")) {
      return emit("toast", { key: "notConnected" });
    }
    unanswered.set(id, { type, frame });
    if (unanswered.size > MAX_UNANSWERED) unanswered.delete(unanswered.keys().next().value);
  });
  on("reconnect", () => (socket ? drop() : reopen()));
  addEventListener("offline", drop);
  onWake(wake);
  // Browsers keep a page in the back/forward cache only without a connection.
  addEventListener("pagehide", () => {
    clearTimeout(reconnectTimer);
    clearTimeout(silenceTimer);
    detach();
    dropUnanswered((type) => !IDEMPOTENT_COMMANDS.has(type));
    paused = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    paused = false;
    if (!persisted || stopped) return;
    attempt = 0;
    setPhase({ phase: "connecting" });
    reopen();
  });

  open();
  return {
    send,
    /** Leave the room. */
    stop() {
      stopped = true;
      for (const timer of [reconnectTimer, silenceTimer, probeTimer]) clearTimeout(timer);
      detach();
    },
  };
}
