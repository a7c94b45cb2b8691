// Shows one room after another in the same page: the sidebar stays, and what belongs to the room is replaced by what the
// server renders of the next one. An address that is no room is loaded as usual.

import { emit } from "./bus.js";
import { endScope, inScope } from "./scope.js";
import { loadPage } from "../lib/load_page.js";

const HEADERS = { "X-Room": "yes" }; // the server leaves the frame out
const FRESH = 3000; // ms for which a page that was asked for ahead may be shown
const WIDE = "(min-width: 1100px)"; // there the panel stands beside the room

/** startRoom(boot): starts all that belongs to a room, and returns its store. */
export function startRooms(startRoom) {
  const rooms = { store: null };
  let scope = null; // AbortController of the room that is shown
  let shownPath = location.pathname;
  let asked = 0;
  let ahead = null; // {address, at, loading}: asked for when the pointer went down

  begin();
  document.addEventListener("rt:visit", (event) => {
    const { address } = event.detail;
    if (!isOtherRoom(address)) return;
    event.preventDefault();
    go(address);
  });
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link);
  });
  document.addEventListener("pointerdown", (event) => {
    const link = linkOf(event);
    if (link) ahead = { address: link.href, at: Date.now(), loading: load(link) };
  });
  addEventListener("popstate", () => location.pathname !== shownPath && go(location, true));
  return rooms;

  function linkOf(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = link && !event.button && !event.defaultPrevented && !link.target && !link.hasAttribute("download");
    return isPlain && isOtherRoom(link) ? link : null;
  }

  function isOtherRoom({ origin, pathname }) {
    return origin === location.origin && /^\/(chat|dm)\/[^/]+\/$/.test(pathname) && pathname !== shownPath;
  }

  function load(address) {
    const loading = loadPage(address.href, { headers: HEADERS });
    loading.catch(() => {}); // it is said when it is needed
    return loading;
  }

  /** isBack: the browser has moved already. */
  async function go(address, isBack = false) {
    const { href, hash } = address;
    const mine = (asked += 1);
    const isAhead = ahead?.address === href && Date.now() - ahead.at < FRESH;
    const loading = isAhead ? ahead.loading : load(address);
    ahead = null;
    markCurrent(new URL(href).pathname);
    try {
      const { page, url } = await loading;
      if (mine !== asked) return;
      const stage = page.getElementById("stage");
      if (!stage) return location.assign(href);
      if (!isBack) history.pushState(panelOf(stage), "", new URL(url).pathname + new URL(url).search + hash);
      replace(stage, page.title);
    } catch {
      if (mine !== asked) return;
      markCurrent(shownPath);
      emit("toast", { key: "requestFailed" });
    }
  }

  function replace(stage, title) {
    endScope(scope);
    document.getElementById("stage").replaceWith(document.adoptNode(stage));
    document.title = title;
    shownPath = location.pathname;
    markCurrent(shownPath);
    begin();
    emit("rooms-stale"); // what was left unread is counted again
  }

  function begin() {
    scope = new AbortController();
    const boot = JSON.parse(document.getElementById("boot").textContent);
    rooms.store = inScope(scope.signal, () => startRoom(boot));
    emit("unread", { room: boot.room.name, unread: 0, mention: false });
  }

  /** An open panel shows the same of the next room. */
  function panelOf(stage) {
    const open = document.querySelector("#panel.open");
    if (!open || !matchMedia(WIDE).matches) return null;
    const links = [...stage.querySelectorAll(".panel-tabs a")];
    const link = links.find(({ dataset }) => dataset.panel === open.dataset.tab) ?? links[0];
    return link &&
      {
        panel: { address: new URL(link.getAttribute("href"), location.href).href, tab: link.dataset.panel },
        isFirst: true,
      };
  }
}

function markCurrent(pathname) {
  for (const link of document.querySelectorAll("#side li[data-room] > a")) {
    if (link.pathname === pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
