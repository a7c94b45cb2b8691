// Tells when the page may have slept: it is visible again, or the clock has jumped.

const EVERY = 5_000; // ms between two looks at the clock
const LATE = 5_000; // ms by which a look is late only when nothing could run
const LATE_HIDDEN = 90_000; // a hidden page may run once a minute, and is none the worse for it

/** then(): called for each sign of waking; there may be several for one. */
export function onWake(then) {
  let due = Date.now() + EVERY;

  function look() {
    const late = Date.now() - due;
    due = Date.now() + EVERY;
    setTimeout(look, EVERY);
    if (late > (document.hidden ? LATE_HIDDEN : LATE)) then();
  }

  setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", () => !document.hidden && then());
  document.addEventListener("resume", then); // a page that was frozen
  for (const name of ["focus", "online"]) addEventListener(name, then);
}
