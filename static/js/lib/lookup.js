// Debounced lookups: one request at a time, each text once a minute.

const PAUSE = 150; // milliseconds
const KEPT = 60_000; // milliseconds; names and rooms come and go

/** ask(text, signal): a promise of the answer. Returns {get(text): the answer that is known now, or null; want(text): a
 *  promise of it, or of null when it cannot be had, or when another text is wanted meanwhile}. */
export function makeLookup(ask, pause = PAUSE) {
  const known = new Map();
  let wanted = {}; // {text, aborter, answer}
  let until = 0;

  async function find(text, { signal }) {
    if (known.has(text)) return known.get(text);
    await new Promise((done) => setTimeout(done, pause));
    if (signal.aborted) return null;
    try {
      known.set(text, await ask(text, signal));
      return signal.aborted ? null : known.get(text);
    } catch {
      if (!signal.aborted) wanted = {}; // away, or too often: what the page knows has to do, and it may be asked again
      return null;
    }
  }

  return {
    get: (text) => known.get(text) ?? null,
    want(text) {
      if (Date.now() > until) {
        known.clear();
        wanted.text = null;
        until = Date.now() + KEPT;
      }
      if (wanted.text === text) return wanted.answer;
      wanted.aborter?.abort();
      const aborter = new AbortController();
      wanted = { text, aborter, answer: find(text, aborter) };
      return wanted.answer;
    },
  };
}
