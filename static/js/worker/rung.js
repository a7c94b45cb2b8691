// Remembers which pushes this device got and what its pages have rung for, so that nothing rings twice.

const MOST = 100;
const STORE = "rung";
const TIMEOUT = 2_000; // ms; IndexedDB may never answer
const LISTS = ["ids", "heard"]; // keys of pushes, and of what pages have rung for

/** Remember a push. row: {id, at}; an update has another time. Returns {pushed, heard}, as they were before. */
export const notePush = (row) => note(row, "ids");

/** Remember that a page has rung for this. */
export const noteHeard = (row) => note(row, "heard");

export async function wasPushed(row) {
  return (await note(row)).pushed;
}

async function note({ id, at }, list = null) {
  try {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in time")), TIMEOUT));
    const [pushed, heard] = await Promise.race([remember(`${id}:${at}`, list), late]);
    return { pushed, heard };
  } catch {
    return { pushed: false, heard: false }; // without the database: ringing twice is better than never
  }
}

/** Add the key to `list`, if there is one. Returns for each of LISTS whether it had the key before. */
function remember(key, list) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("roundtable-worker", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction(STORE, "readwrite");
      const store = change.objectStore(STORE);
      const readings = LISTS.map((each) => store.get(each));
      const known = () => readings.map(({ result }) => result ?? []);
      let had;
      readings.at(-1).onsuccess = () => { // the last request: all results are there
        had = known().map((keys) => keys.includes(key));
        const at = LISTS.indexOf(list);
        if (at >= 0 && !had[at]) store.put([...known()[at], key].slice(-MOST), list);
      };
      change.oncomplete = () => {
        database.close();
        resolve(had);
      };
      change.onabort = () => reject(change.error);
    };
  });
}
