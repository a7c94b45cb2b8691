// Remembers the last pushes of this device, so that none is shown twice.

const MOST = 100;
const STORE = "rung";

/** Whether this key is new; it is remembered. key: the notification and its time, which changes with an update. */
export async function isFirst(key) {
  try {
    return await remember(key);
  } catch {
    return true; // without a database: showing it twice is better than not at all
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
