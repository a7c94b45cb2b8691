// A finger that moves across something to the left, to the right or down.

const FAR = 60; // pixels

/** actions: {left(), right(), down()} */
export function swipes(element, actions) {
  let from = null;
  element.addEventListener("pointerdown", ({ pointerType, isPrimary, clientX, clientY }) => {
    from = pointerType === "touch" && isPrimary ? { x: clientX, y: clientY } : null;
  });
  element.addEventListener("pointerup", ({ clientX, clientY }) => {
    if (!from) return;
    const [x, y] = [clientX - from.x, clientY - from.y];
    from = null;
    if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y)) actions[x < 0 ? "left" : "right"]();
    else if (y > FAR && y > 2 * Math.abs(x)) actions.down();
  });
  element.addEventListener("pointercancel", () => (from = null));
}
