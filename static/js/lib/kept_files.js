// Files that are going to be sent, kept in this browser until they are: over a reload, and for as long as there is no
// connection. A browser that keeps nothing (private mode), or no more, is no error: then they live as long as the page.

const LIMIT = 50 * 1024 * 1024; // bytes in all
const MAX_AGE = 7 * 24 * 3600 * 1000; // ms
const STORE = "files";
let opening = null;

/** Keep a file: {key, area, size, at, blob, …}. */
export async function keep(file) {
  const all = await entries();
  const others = all.filter(({ key }) => key !== file.key);
  const total = others.reduce((sum, { size }) => sum + size, file.size);
  if (total <= LIMIT) await run("readwrite", (store) => store.put(file));
}

export const forget = (key) => run("readwrite", (store) => store.delete(key));
export const find = (key) => run("readonly", (store) => store.get(key));

/** Remove the files of all areas for which isGone(area). */
export async function forgetAreas(isGone) {
  for (const { key, area } of await entries()) if (isGone(area)) await forget(key);
}

/** The files of an area, in the order in which they were added. */
export async function keptOf(area) {
  const all = (await entries()) ?? [];
  for (const { key, at } of all) if (Date.now() - at > MAX_AGE) forget(key);
  return all.filter((each) => each.area === area).sort((a, b) => a.at - b.at);
}

const entries = async () => (await run("readonly", (store) => store.getAll())) ?? [];

async function run(mode, task) {
  try {
    opening ??= open();
    const store = (await opening).transaction(STORE, mode).objectStore(STORE);
    return await answerOf(task(store));
  } catch {
    return null;
  }
}

function open() {
  const request = indexedDB.open("roundtable", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  return answerOf(request);
}

const answerOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
