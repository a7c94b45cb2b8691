// Restarts a video or sound that stops because the link behind its address has expired. The address stays, and leads to
// a new link for people who may still have the file: it is requested again, and playback goes on where it was.

const PAUSE = 20_000; // ms in which a player is renewed once: what is broken stays so
const renewed = new WeakMap(); // player → when

/** Load a failed player again, at the same position. Returns whether it did. now: for tests. */
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
