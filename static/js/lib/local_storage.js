// Small things kept in this browser. A browser that keeps nothing (private mode) is no error.

const PREFIX = "roundtable:";

/** Kept for all pages of this browser. */
export const storedItem = (key) => makeItem(() => localStorage, key);

/** Kept for this tab, over reloads. */
export const storedItemInTab = (key) => makeItem(() => sessionStorage, key);

/** What somebody was changing a message to, {id, text}, over a visit to another room. */
export const editKept = (me, room) => storedItemInTab(`edit:${me.id}:${room.name}`);

/** The files that wait in a room to be sent, {names, at}; kept_files.js has what is in them. */
export const keptFiles = (me, room) => storedItem(`files:${me.id}:${room.with ? `@${room.with.id}` : room.name}`);

/** "yes": this device has push, for whoever is signed in; pages leave the desktop to it. */
export const pushWanted = () => storedItem(`push:${document.getElementById("side-drafts").dataset.me}`);

/** The keys that begin like this, of what is kept for all pages. */
export function keysOf(beginning) {
  try {
    const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at));
    return names.filter((name) => name.startsWith(PREFIX + beginning)).map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** Remove what is kept for all pages and for this tab, of the keys for which isGone(key). */
export function removeKeys(isGone) {
  for (const storage of [() => localStorage, () => sessionStorage]) {
    try {
      const names = Array.from({ length: storage().length }, (_, at) => storage().key(at));
      for (const name of names) {
        if (name.startsWith(PREFIX) && isGone(name.slice(PREFIX.length))) storage().removeItem(name);
      }
    } catch {
      // forbidden: then nothing is kept
    }
  }
}

function makeItem(storage, key) {
  const name = PREFIX + key;
  return {
    get() {
      try {
        return JSON.parse(storage().getItem(name));
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        const empty = value === null || value === "" || (Array.isArray(value) && !value.length);
        if (empty) storage().removeItem(name);
        else storage().setItem(name, JSON.stringify(value));
      } catch {
        // full or forbidden: then it lives as long as the page
      }
    },
  };
}
