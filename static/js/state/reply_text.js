// The text of a bot's reply while it streams. Positions count code points, as Python does, not UTF-16 units. Pure.

export const codePoints = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/**
 * A piece of text that goes in at code point `at`. Returns the message with it, the same message when the piece
 * was there already, or null when something before it is missing.
 */
export function withDelta(message, at, text) {
  const length = message.length ?? codePoints(message.message);
  if (at > length) return null;
  if (at === length) {
    return { ...message, state: "streaming", message: message.message + text, length: length + codePoints(text) };
  }
  const points = Array.from(message.message);
  const end = at + codePoints(text);
  if (points.slice(at, end).join("") === text) return { ...message, length };
  // The reply was begun anew: what stood there gives way.
  return { ...message, state: "streaming", message: points.slice(0, at).join("") + text, length: end };
}

/** A new state of a message over the one known. A saved text lags behind the deltas; what is on the screen stays. */
export function mergeMessage(known, event) {
  const writing = event.state === "streaming" && known?.state === "streaming";
  if (writing && known.message.startsWith(event.message)) {
    return { ...event, message: known.message, length: known.length };
  }
  return event;
}
