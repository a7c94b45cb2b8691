// Detects when the page may have slept: it is visible again, or the clock has jumped.

const CHECK_INTERVAL = 5_000; // ms
const MAX_DELAY = 5_000; // ms; a check is later only when nothing could run
const MAX_DELAY_HIDDEN = 90_000; // browsers may run a hidden page only once a minute

/** then(): called for each sign of waking up, perhaps several times for one. */
export function onWake(then) {
  let due = Date.now() + CHECK_INTERVAL;

  function check() {
    const late = Date.now() - due;
    due = Date.now() + CHECK_INTERVAL;
    setTimeout(check, CHECK_INTERVAL);
    if (late > (document.hidden ? MAX_DELAY_HIDDEN : MAX_DELAY)) then();
  }

  setTimeout(check, CHECK_INTERVAL);
  document.addEventListener("visibilitychange", () => !document.hidden && then());
  document.addEventListener("resume", then); // a page that was frozen
  for (const name of ["focus", "online"]) addEventListener(name, then);
}
