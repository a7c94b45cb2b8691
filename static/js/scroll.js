// Where the reader is. The box is laid out from its end (column-reverse), so scrollTop is 0 at the newest and
// negative above it, and older messages that are put in above move nothing by themselves.

import { hear, tell } from "./bus.js";

const AT_END = 48; // px
const AHEAD = 900; // px that are loaded before they are scrolled to

export function makeScroll(box, store) {
  const toNewest = document.getElementById("to-newest");
  let lastSeen = store.state.newestId;

  box.addEventListener("scroll", moved, { passive: true });
  addEventListener("resize", () => store.state.following && toEnd());
  hear("jump-newest", () => toEnd());
  hear("state", ({ state, before }) => {
    showButton(state);
    if (state.ids !== before.ids) requestAnimationFrame(wantMore); // a high window may still have room
  });
  toNewest.addEventListener("click", () => {
    tell(store.state.atNewest ? "jump-newest" : "load-newest");
    document.getElementById("composer-text").focus({ preventScroll: true });
  });

  function moved() {
    const following = -box.scrollTop < AT_END && store.state.atNewest;
    store.dispatch({ type: "local.follow", following });
    showButton(store.state);
    wantMore();
  }

  function wantMore() {
    if (roomAbove() < AHEAD) tell("want-older");
    if (-box.scrollTop < AHEAD && !store.state.atNewest) tell("want-newer");
  }

  const roomAbove = () => box.scrollHeight - box.clientHeight + box.scrollTop;
  const toEnd = () => (box.scrollTop = 0);

  /** Run a change of the page without moving what is being read; at the end, the end is what is kept. */
  function keepStill(change) {
    if (store.state.following && -box.scrollTop < AT_END) {
      change();
      toEnd();
      return;
    }
    const anchor = firstVisible();
    const top = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected) box.scrollTop += anchor.getBoundingClientRect().top - top;
  }

  function firstVisible() {
    const edge = box.getBoundingClientRect().top;
    return Array.from(box.querySelectorAll(".message")).find((node) => node.getBoundingClientRect().bottom > edge);
  }

  function showButton(state) {
    if (state.following && state.atNewest) lastSeen = state.newestId;
    const below = state.ids.filter((id) => id > lastSeen).length + (state.atNewest ? 0 : state.missed);
    toNewest.hidden = state.following && state.atNewest;
    toNewest.querySelector(".count").textContent = below ? String(below) : "";
  }

  return {
    keepStill,
    /** Begin where the page was opened: at the line of what is new, else at the end. */
    settle() {
      const line = box.querySelector(".new-line");
      if (line && box.scrollHeight > box.clientHeight) {
        const above = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
        if (above < 0) box.scrollTop += above - 24;
      }
      moved();
    },
  };
}
