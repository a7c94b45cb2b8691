// Debounced lookups: one request at a time, each text once a minute.

const DEBOUNCE_MS = 150;
const CACHE_MS = 60_000; // names and rooms change

/** ask(text, signal): a promise of the answer. Returns {get(text): the answer that is known now, or null; want(text): a
 *  promise of it, or of null when it cannot be had, or when another text is wanted meanwhile}. */
export function makeLookup(ask, delay = DEBOUNCE_MS) {
  const cache = new Map();
  let current = {}; // {text, aborter, answer}
  let expires = 0;

  async function find(text, { signal }) {
    if (cache.has(text)) return cache.get(text);
    await new Promise((done) => setTimeout(done, delay));
    if (signal.aborted) return null;
    try {
      cache.set(text, await ask(text, signal));
      return signal.aborted ? null : cache.get(text);
    } catch {
      if (!signal.aborted) current = {}; // away, or too often: what the page knows has to do, and it may be asked again
      return null;
    }
  }

  return {
    get: (text) => cache.get(text) ?? null,
    want(text) {
      if (Date.now() > expires) {
        cache.clear();
        current.text = null;
        expires = Date.now() + CACHE_MS;
      }
      if (current.text === text) return current.answer;
      current.aborter?.abort();
      const aborter = new AbortController();
      current = { text, aborter, answer: find(text, aborter) };
      return current.answer;
    },
  };
}
