// When to ask again whether people of direct messages are here: soon after a sign that they came or went, then less
// and less often, and not for ever.

export const WAITS = [1000, 5000, 10_000, 20_000]; // ms before each asking
export const GAP = 5000; // ms between two askings, however many signs there are

/** ask(): asks the server, whose answer goes to `settle`. */
export function createPresenceRecheck(ask) {
  const expected = new Map(); // room → {here, asked}: what there was a sign of, and how often it was asked for
  let timer = 0;
  let due = 0;
  let lastAsked = -Infinity;

  function plan() {
    if (!expected.size) return;
    const wait = WAITS[Math.min(...[...expected.values()].map((each) => each.asked))];
    const at = Math.max(Date.now() + wait, lastAsked + GAP);
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(run, at - Date.now());
  }

  function run() {
    timer = 0;
    if (!expected.size) return;
    for (const [room, each] of expected) {
      each.asked += 1;
      if (each.asked === WAITS.length) expected.delete(room);
    }
    lastAsked = Date.now();
    ask();
    plan();
  }

  return {
    /** There was a sign that the other person of this direct message is here, or is not. */
    expect(room, here) {
      if (expected.get(room)?.here !== here) expected.set(room, { here, asked: 0 });
      plan();
    },
    /** What the server says of a room now. What it says otherwise than expected is asked for again. */
    settle(room, here) {
      if (expected.get(room)?.here === here) expected.delete(room);
    },
  };
}
