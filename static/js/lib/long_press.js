// A finger that rests on something: told by the browser as a context menu, or, where it tells none, by time.

const LONG_PRESS_MS = 500;
const MAX_MOVE_PX = 10; // px that a resting finger may move

/**
 * then(target): what the finger rests on; it is no tap then. Links and buttons keep theirs, those of `taken` do not.
 *
 * press: the pointerdown of a finger that was there before, or null.
 */
export function onLongPress(box, taken, then, press = null) {
  let timer = null;
  let begun = null;
  let rested = false;

  const isExcluded = (target, kinds) => target.closest(kinds) && !target.closest(taken);
  const longPress = (target) => {
    clearTimeout(timer);
    if (!rested) then(target);
    rested = true;
  };

  const begin = (event) => {
    clearTimeout(timer);
    rested = false;
    if (event.pointerType !== "touch" || !event.isPrimary || isExcluded(event.target, "a, button, textarea")) return;
    begun = event;
    timer = setTimeout(() => longPress(begun.target), LONG_PRESS_MS);
  };

  if (press) begin(press);
  box.addEventListener("pointerdown", begin);
  box.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (begun && Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > MAX_MOVE_PX) clearTimeout(timer);
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => clearTimeout(timer));
  box.addEventListener("contextmenu", (event) => {
    if (event.pointerType !== "touch" || isExcluded(event.target, "a, textarea")) return;
    event.preventDefault(); // or the browser would begin to select words
    longPress(event.target);
  });
  const isEndOfLongPress = ({ detail, target }) => rested && detail && target.closest(taken); // by keyboard, detail is 0
  box.addEventListener("click", (event) => {
    if (!isEndOfLongPress(event)) return;
    event.preventDefault(); // of a link
    event.stopImmediatePropagation();
  }, { capture: true });
}
