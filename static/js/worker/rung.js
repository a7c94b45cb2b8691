// What this device was told of already, so that nothing rings twice: the ids of the last pushes.

const MOST = 100;
const STORE = "rung";

/** Whether it is the first time for this; from then on it is not. An update of the same row has another time. */
export async function isFirst(key) {
  try {
    return await remember(key);
  } catch {
    return true; // nothing is kept here: rather twice than not at all
  }
}

function remember(key) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("roundtable-worker", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction(STORE, "readwrite");
      const store = change.objectStore(STORE);
      const reading = store.get("ids");
      let first = true;
      reading.onsuccess = () => {
        const known = reading.result ?? [];
        first = !known.includes(key);
        if (first) store.put([...known, key].slice(-MOST), "ids");
      };
      change.oncomplete = () => {
        database.close();
        resolve(first);
      };
      change.onabort = () => reject(change.error);
    };
  });
}
