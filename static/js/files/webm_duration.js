// Browsers record WebM without its duration, as they do not know it yet: players then show none and cannot seek. Pure.

const SEGMENT = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]; // of a size that is not known
const INFO = [0x15, 0x49, 0xa9, 0x66];
const DURATION = [0x44, 0x89, 0x88]; // a number of eight bytes, in milliseconds
const HEAD = 1000; // bytes in which Info begins

/** The same bytes with the duration in them; what is no such recording, or has one, as it is. */
export function withDuration(bytes, milliseconds) {
  const info = find(bytes, SEGMENT, 0) < 0 ? -1 : find(bytes, INFO, 0);
  if (info < 0) return bytes;
  const [size, length] = numberAt(bytes, info + INFO.length);
  const begin = info + INFO.length + length;
  const content = bytes.subarray(begin, begin + size);
  if (find(content, DURATION, 0) >= 0) return bytes;
  const added = new Uint8Array(DURATION.length + 8);
  added.set(DURATION);
  new DataView(added.buffer).setFloat64(DURATION.length, milliseconds);
  const head = [...bytes.subarray(0, info), ...INFO, ...numberOf(size + added.length)];
  return joined(Uint8Array.from(head), content, added, bytes.subarray(begin + size));
}

function find(bytes, wanted, from) {
  for (let at = from; at < Math.min(bytes.length - wanted.length, HEAD); at++) {
    if (wanted.every((byte, place) => bytes[at + place] === byte)) return at;
  }
  return -1;
}

/** [value, how many bytes it takes]: the zeros before its first bit say how many follow. */
function numberAt(bytes, at) {
  const length = Math.clz32(bytes[at]) - 23;
  let value = bytes[at] & (0xff >> length);
  for (let place = 1; place < length; place++) value = value * 256 + bytes[at + place];
  return [value, length];
}

/** In four bytes. */
const numberOf = (value) => [0x10 | (value >>> 24), (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
