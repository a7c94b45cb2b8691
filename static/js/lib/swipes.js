// A finger that moves across something to the left, to the right or down. What scrolls that way itself keeps it.

const FAR = 60; // pixels

const always = (element, ...args) => element.addEventListener(...args);

/** actions: {left(event), right(event), down(event)}, or some of them. listen: as addEventListener, while it is wanted. */
export function swipes(element, actions, listen = always) {
  let from = null;
  listen(element, "pointerdown", ({ pointerType, isPrimary, clientX, clientY }) => {
    from = pointerType === "touch" && isPrimary ? { x: clientX, y: clientY } : null;
  });
  listen(element, "pointerup", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    from = null;
    if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y)) actions[x < 0 ? "left" : "right"]?.(event);
    else if (y > FAR && y > 2 * Math.abs(x)) actions.down?.(event);
  });
  listen(element, "pointercancel", () => (from = null));
}
