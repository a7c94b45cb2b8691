// Where the reader is. The box is laid out from its end (column-reverse), so scrollTop is 0 at the newest and
// negative above it, and older messages that are put in above move nothing by themselves.

import { isFolded } from "../state/blocked.js";
import { emit, on } from "../core/bus.js";
import { listen, whenLeft } from "../core/scope.js";

const places = new Map(); // room → {id, top}: the first message on screen when the room was left
const AT_END_PX = 48;
const ABOVE_LINE_PX = 56; // place for the bar of what is unread
const MAX_FOLLOWED = 250; // messages that are looked through for the first new one
const LOAD_AHEAD_PX = 900; // how far ahead of the reader messages are loaded

export function makeScroll(box, store) {
  const toNewest = document.getElementById("to-newest");
  let lastSeen = store.state.newId ? store.state.newId - 1 : store.state.newestId;
  // What is kept still, and where. For as long as nobody scrolls it is the same, or roundings would add up.
  let anchor = null;
  let kept = null; // scrollTop, as it was left for that
  // Somebody who follows a link to a message wants to see that message, not what is new.
  let touched = store.state.newId === null || store.state.newId !== store.state.ids[0] || /^#m\d/.test(location.hash);

  box.addEventListener("scroll", moved, { passive: true });
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    listen(globalThis, name, () => (touched = true), { passive: true });
  }
  new ResizeObserver(() => (anchor = null)).observe(box);
  listen(globalThis, "resize", () => store.state.following && toEnd());
  on("jump-newest", () => toEnd());
  for (const name of ["show-message", "show-from"]) on(name, () => (touched = true));
  on("state", ({ state, before }) => {
    showButton(state);
    if (state.ids !== before.ids) requestAnimationFrame(wantMore); // a high window may still have room
  });
  whenLeft(leave);
  toNewest.addEventListener("click", () => {
    emit(store.state.atNewest ? "jump-newest" : "load-newest");
    document.getElementById("composer-text").focus({ preventScroll: true });
  });

  function moved() {
    const following = -box.scrollTop < AT_END_PX && store.state.atNewest;
    store.dispatch({ type: "local.follow", following });
    showButton(store.state);
    wantMore();
  }

  function wantMore() {
    if (roomAbove() < LOAD_AHEAD_PX) emit("want-older");
    if (-box.scrollTop < LOAD_AHEAD_PX && !store.state.atNewest) emit("want-newer");
  }

  const roomAbove = () => box.scrollHeight - box.clientHeight + box.scrollTop;
  const topOf = (node) => node.getBoundingClientRect().top;
  const toEnd = () => (box.scrollTop = 0);

  /** Run a change of the page without moving what is being read; at the end, the end is what is kept. */
  function keepStill(change) {
    if (store.state.following && -box.scrollTop < AT_END_PX) {
      change();
      toEnd();
      return;
    }
    if (!anchor?.node.isConnected || box.scrollTop !== kept) anchor = firstVisible();
    change();
    if (isSettling()) return settle();
    if (!anchor?.node.isConnected) return;
    box.scrollTop += topOf(anchor.node) - anchor.top;
    kept = box.scrollTop;
  }

  function leave() {
    const first = store.state.following ? null : firstVisible();
    if (first) places.set(store.state.room.name, { id: first.node.id, top: first.top - topOf(box) });
    else places.delete(store.state.room.name);
  }

  /** Scroll to where the room opens: at the line “New”, where it was left, or at the end. */
  function settle() {
    const place = places.get(store.state.room.name);
    const known = place && !location.hash && store.state.newId === null && document.getElementById(place.id);
    if (known) box.scrollTop += topOf(known) - topOf(box) - place.top;
    const line = box.querySelector(".new-line");
    const above = line && box.scrollHeight > box.clientHeight ? topOf(line) - topOf(box) : 0;
    if (above < 0) box.scrollTop += above - ABOVE_LINE_PX;
    moved();
  }

  /** Not all that is new was in the first page: for as long as nobody has touched anything, the line is followed. */
  function isSettling() {
    const { ids, newId } = store.state;
    const follows = touched === false && ids.length < MAX_FOLLOWED;
    if (follows) lastSeen = newId - 1;
    if (newId !== ids[0]) touched = true; // found
    return follows;
  }

  /** Not the first of all where there is another: its head goes when what is before it comes. */
  function firstVisible() {
    const edge = topOf(box);
    const all = [...box.querySelectorAll(".message:not(.gone)")];
    const isBelow = (each) => each.getBoundingClientRect().bottom > edge;
    const node = all.slice(1).find(isBelow) ?? all.find(isBelow);
    return node && { node, top: topOf(node) };
  }

  function showButton(state) {
    if (state.following && state.atNewest) lastSeen = state.newestId;
    const isBelow = (id) => id > lastSeen && !isFolded(state.messages.get(id), state.blocked);
    const below = state.ids.filter(isBelow).length + (state.atNewest ? 0 : state.missed);
    toNewest.hidden = state.following && state.atNewest;
    toNewest.querySelector(".count").textContent = below ? String(below) : "";
  }

  return { keepStill, settle };
}
