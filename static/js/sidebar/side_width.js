// The edge of the sidebar: dragged, or moved by arrow keys, it makes the sidebar wider or narrower in this browser. The
// width is in a cookie, so that the server writes it into <html> and nothing moves when a page is painted.

import { keepCookie } from "../lib/cookies.js";

const [NARROWEST, USUAL, WIDEST, STEP] = [220, 256, 340, 10]; // pixels, where 16 make a rem; as in accounts/look.py
const KEYS = {
  ArrowLeft: (width) => Math.ceil(width / STEP - 1) * STEP,
  ArrowRight: (width) => Math.floor(width / STEP + 1) * STEP,
  Home: () => NARROWEST,
  End: () => WIDEST,
};

/** press: the pointerdown of a pointer that is pressed on it already, or null. */
export function startSideWidth(edge, press) {
  const root = document.documentElement;

  edge.classList.add("movable");
  edge.addEventListener("pointerdown", grab);
  if (press) grab(press);
  edge.addEventListener("pointermove", (event) => {
    if (!edge.hasPointerCapture(event.pointerId)) return;
    const rem = parseFloat(getComputedStyle(root).fontSize);
    show(Math.round((event.clientX / rem * 16) / STEP) * STEP);
  });
  edge.addEventListener("lostpointercapture", () => {
    edge.classList.remove("dragged");
    save();
  });
  edge.addEventListener("dblclick", () => {
    show(USUAL);
    save();
  });
  edge.addEventListener("keydown", (event) => {
    const width = KEYS[event.key]?.(Number(root.dataset.side ?? USUAL));
    if (width === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(width);
    save();
  });

  function grab(event) {
    if (event.button) return;
    edge.setPointerCapture(event.pointerId);
    edge.classList.add("dragged");
  }

  function show(width) {
    const shown = Math.min(WIDEST, Math.max(NARROWEST, width));
    if (shown === USUAL) delete root.dataset.side;
    else root.dataset.side = shown;
    edge.setAttribute("aria-valuenow", shown);
  }

  function save() {
    keepCookie("side", root.dataset.side ?? "");
  }
}
