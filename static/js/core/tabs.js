// What the tabs of one browser know of each other, by locks: the browser releases them however a tab ends.

const LOOKS = "roundtable-looks:";
const RINGS = "roundtable-rings";

let release = null; // gives back the lock of this tab, which is in sight
let wanted = 0;

/** Tell the other tabs the path of the page that is looked at here. Null: the tab is hidden. */
export async function look(pathname) {
  const mine = (wanted += 1);
  release?.();
  release = null;
  if (!pathname || !navigator.locks) return;
  await navigator.locks.request(LOOKS + pathname, { mode: "shared" }, () => {
    if (mine !== wanted) return null;
    return new Promise((done) => (release = done));
  });
}

/** The paths of the pages that are looked at now, in any tab. */
export async function lookedAt() {
  if (!navigator.locks) return document.hidden ? [] : [location.pathname];
  const { held } = await navigator.locks.query();
  return held.filter(({ name }) => name.startsWith(LOOKS)).map(({ name }) => name.slice(LOOKS.length));
}

/** Run a task in one tab at a time. */
export const inTurn = (task) => (navigator.locks ? navigator.locks.request(RINGS, task) : task());
