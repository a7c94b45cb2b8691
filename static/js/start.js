// Starts the parts of a page, each for itself: one that fails is reported, and takes no other along.

export function start(part, ...given) {
  try {
    return part(...given);
  } catch (error) {
    (globalThis.reportError ?? console.error)(error);
  }
}
