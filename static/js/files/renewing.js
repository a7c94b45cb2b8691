// A video or sound that stops because the link behind its address is over. The address itself stays, and leads to a new
// link for whoever may still have the file: so it is asked for again, and goes on where it was.

const PAUSE = 20_000; // ms in which a player is renewed once: what is broken stays so
const renewed = new WeakMap(); // player → when

/** Of a player that has failed. Whether it begins again. now: for tests. */
export function renew(player, now = Date.now()) {
  if (!player.currentTime || now - (renewed.get(player) ?? -PAUSE) < PAUSE) return false;
  renewed.set(player, now);
  const { currentTime, paused } = player;
  player.addEventListener("loadedmetadata", () => {
    player.currentTime = currentTime;
    if (!paused) player.play().catch(() => {});
  }, { once: true });
  player.load();
  return true;
}
