// A WebSocket that reconnects by itself: after a loss, a sleep, or a while in the back/forward cache.

import { afterClose, parseFrame, SUBPROTOCOL } from "./protocol.js";
import { onWake } from "../lib/wake_detector.js";

const SILENCE_TIMEOUT = 45_000; // ms; the server sends something every 20 s
const FRESH_MS = 5_000; // ms since the last frame, in which no probe is needed
const ANSWER_TIMEOUT = 4_000; // ms in which a working connection answers a probe
const OPEN_TIMEOUT = 15_000; // ms for opening a connection

/**
 * address(): where to, asked before each try. receive({room, events}): a frame; calls `greeted` at the server's first.
 * changed(connection): {phase, …} as pages show it. closed({code, stop, unheard}): the connection is lost; stop: for
 * good; unheard: nothing ever came over it. probe(): send something that is answered.
 */
export function startLine({ address, receive, changed, closed, probe }) {
  let socket = null;
  let connection = { phase: "connecting" };
  let attempt = 0;
  let reconnectTimer = null;
  let silenceTimer = null;
  let probeTimer = 0;
  let lastReceived = 0; // when the last frame came, or the connection was opened
  let unheard = true;
  let isProbing = false; // whether a probe of the connection is unanswered
  let probeAnswered = null; // when the last probe was answered
  let stopped = false; // for good; do not reconnect
  let paused = false; // while the page is in the back/forward cache

  function open() {
    clearTimeout(reconnectTimer);
    if (stopped || paused || socket) return;
    unheard = true;
    socket = new WebSocket(address(), SUBPROTOCOL);
    socket.onopen = () => (unheard = false);
    socket.onmessage = ({ data }) => handleFrame(parseFrame(data));
    socket.onclose = ({ code, reason }) => handleClose(code, reason);
    restartSilenceTimer();
  }

  function handleFrame(frame) {
    unheard = false;
    restartSilenceTimer();
    if (isProbing) probeAnswered = lastReceived;
    isProbing = false;
    receive(frame);
  }

  function greeted() {
    attempt = 0;
    change({ phase: "live" });
  }

  function handleClose(code, reason) {
    clearTimeout(silenceTimer);
    isProbing = false;
    socket = null;
    if (stopped) return;
    const { stop, wait, why } = afterClose(code, reason, attempt);
    stopped = Boolean(stop);
    closed({ code, stop, unheard });
    if (stop) return change({ phase: stop });
    attempt += 1;
    change({ phase: "away", why, since: connection.since ?? Date.now(), retryAt: Date.now() + wait });
    reconnectTimer = setTimeout(open, wait);
  }

  /** Drop the connection if nothing is received in time: it is dead. */
  function restartSilenceTimer(within = SILENCE_TIMEOUT) {
    if (within === SILENCE_TIMEOUT) lastReceived = Date.now();
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(drop, within);
  }

  /** After sleep: check whether the connection is still alive. */
  function wake() {
    const quiet = Date.now() - lastReceived;
    const isLive = connection.phase === "live";
    if (!socket) return open();
    if (!isLive && quiet > OPEN_TIMEOUT) return drop();
    if (!isLive || isProbing) return;
    if (quiet < FRESH_MS) return probeAnswered === lastReceived || probeLater(FRESH_MS - quiet);
    isProbing = true;
    probe();
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
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  function change(next) {
    connection = next;
    changed(next);
  }

  addEventListener("offline", drop);
  onWake(wake);
  // Browsers keep a page in the back/forward cache only without a connection.
  addEventListener("pagehide", () => {
    clearTimeout(reconnectTimer);
    clearTimeout(silenceTimer);
    if (socket) closed({ code: 1001, unheard: false });
    detach();
    paused = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    paused = false;
    if (!persisted || stopped) return;
    attempt = 0;
    change({ phase: "connecting" });
    open();
  });

  open();
  return {
    get connection() {
      return connection;
    },
    greeted,
    drop,
    reconnect: () => (socket ? drop() : open()),
    /** Returns whether the frame could be sent. */
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN || connection.phase !== "live") return false;
      socket.send(frame);
      return true;
    },
  };
}
