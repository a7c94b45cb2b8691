// The wire protocol in the browser (docs/protocol.md): frames, commands, and reactions to close codes. Pure.

export const SUBPROTOCOL = "chat.v1";

/**
 * What one frame brings: {room, events}. It holds one event or an array of them, or says of which room they are.
 * Skips everything else.
 */
export function parseFrame(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    data = [];
  }
  const [room, events] = Array.isArray(data?.events) && data.room ? [data.room, data.events] : [null, data];
  return { room, events: [events].flat().filter((event) => event && typeof event.type === "string") };
}

/** A command as JSON. The server carries out a repeated id only once. */
export const command = (type, fields = {}, id = newId()) => JSON.stringify({ type, id, ...fields });

export function newId() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID(); // only on https and localhost
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex);
}

// Close codes after which reconnecting is useless → the phase that the page shows.
const FINAL_CLOSE_CODES = { 4001: "signed-out", 4003: "removed", 4004: "missing", 1008: "refused" };

// Reasons for 4029 that the user can do something about.
const ACCOUNT_REASONS = new Set([
  "too_many_connections_of_account",
  "account_connects_too_often",
  "account_sent_too_much",
]);

/**
 * What to do when the connection closed with `code` and the form-encoded `text`.
 * attempt: how many tries failed since it last worked. random: 0..1. Returns {stop} or {wait: ms, why}.
 */
export function afterClose(code, text, attempt, random = Math.random()) {
  if (code === 4001 && new URLSearchParams(text).get("reason") === "second_factor_needed") {
    return { stop: "second-factor" };
  }
  // One more try: when I changed my password here, only the old session has ended, and the new cookie is there already.
  if (code === 4001 && attempt === 0) return { wait: 200 + 300 * random, why: "lost" };
  if (code in FINAL_CLOSE_CODES) return { stop: FINAL_CLOSE_CODES[code] };
  if (code === 4008) return { wait: 50 + 200 * random, why: "slow" };
  if (code === 4029) {
    const told = new URLSearchParams(text);
    const seconds = Math.min(300, Math.max(1, Number(told.get("retry_after")) || 10));
    return {
      wait: 1000 * seconds * (1 + 0.3 * random),
      why: ACCOUNT_REASONS.has(told.get("reason")) ? "mine" : "full",
    };
  }
  if (code === 1012 && attempt === 0) return { wait: 200 + 2300 * random, why: "restart" };
  return { wait: backoff(attempt, random), why: "lost" };
}

/** Milliseconds: 300–600 at first, doubling up to 30,000, with jitter. */
export const backoff = (attempt, random = Math.random()) => Math.min(30_000, 600 * 2 ** attempt) * (0.5 + random / 2);
