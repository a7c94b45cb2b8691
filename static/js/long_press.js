// A finger that rests on something: told by the browser as a context menu, or, where it tells none, by time.

const REST = 500; // ms
const NEAR = 10; // px that a resting finger may move

/** then(target): what the finger rests on. Links keep the browser's own menu. */
export function onLongPress(box, then) {
  let timer = null;
  let begun = null;

  box.addEventListener("pointerdown", (event) => {
    clearTimeout(timer);
    if (event.pointerType !== "touch" || !event.isPrimary || event.target.closest("a, button")) return;
    begun = event;
    timer = setTimeout(() => then(begun.target), REST);
  });
  box.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (begun && Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > NEAR) clearTimeout(timer);
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => clearTimeout(timer));
  box.addEventListener("contextmenu", (event) => {
    if (event.pointerType !== "touch" || event.target.closest("a")) return;
    event.preventDefault(); // or the browser would begin to select words
    clearTimeout(timer);
    then(event.target);
  });
}
