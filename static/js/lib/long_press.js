// A finger that rests on something: told by the browser as a context menu, or, where it tells none, by time.

const REST = 500; // ms
const NEAR = 10; // px that a resting finger may move

/** then(target): what the finger rests on; it is no tap then. Links and buttons keep theirs, those of `taken` do not. */
export function onLongPress(box, taken, then) {
  let timer = null;
  let begun = null;
  let rested = false;

  const isLeft = (target, kinds) => target.closest(kinds) && !target.closest(taken);
  const rest = (target) => {
    clearTimeout(timer);
    if (!rested) then(target);
    rested = true;
  };

  box.addEventListener("pointerdown", (event) => {
    clearTimeout(timer);
    rested = false;
    if (event.pointerType !== "touch" || !event.isPrimary || isLeft(event.target, "a, button")) return;
    begun = event;
    timer = setTimeout(() => rest(begun.target), REST);
  });
  box.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (begun && Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > NEAR) clearTimeout(timer);
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => clearTimeout(timer));
  box.addEventListener("contextmenu", (event) => {
    if (event.pointerType !== "touch" || isLeft(event.target, "a")) return;
    event.preventDefault(); // or the browser would begin to select words
    rest(event.target);
  });
  const isItsEnd = ({ detail, target }) => rested && detail && target.closest(taken); // by keyboard, detail is 0
  box.addEventListener("click", (event) => isItsEnd(event) && event.stopImmediatePropagation(), { capture: true });
}
