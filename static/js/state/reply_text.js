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
  const kept = points.slice(0, at).join("");
  const parts = partsWithin(message, kept.length);
  return { ...message, state: "streaming", message: kept + text, length: end, parts };
}

/**
 * The message with the HTML of finished blocks, as `parts`: [{html, from, to}] in order, where it stands in `message`.
 * Parts that it overlaps give way. The same message when the text does not reach so far.
 */
export function withRendered(message, { start, end, html }) {
  const length = message.length ?? codePoints(message.message);
  if (!(start < end && end <= length)) return message;
  const [from, to] = length === message.message.length ? [start, end] : indexesOf(message.message, start, end);
  const others = (message.parts ?? []).filter((part) => part.to <= from || part.from >= to);
  return { ...message, length, parts: [...others, { html, from, to }].sort((one, other) => one.from - other.from) };
}

function indexesOf(text, start, end) {
  const before = Array.from(text).slice(0, end);
  return [before.slice(0, start).join("").length, before.join("").length];
}

const partsWithin = ({ parts = [] }, length) => parts.filter((part) => part.to <= length);

/** A new state of a message over the one known. A saved text lags behind the deltas; what is on the screen stays. */
export function mergeMessage(known, event) {
  const writing = event.state === "streaming" && known?.state === "streaming";
  if (writing && known.message.startsWith(event.message)) {
    return { ...event, message: known.message, length: known.length, parts: known.parts };
  }
  if (!writing || !known.parts?.length) return event;
  return { ...event, parts: partsWithin(known, commonLength(known.message, event.message)) };
}

function commonLength(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
