// Shows one room after another in the same page, and the other pages that have the sidebar: that stays, and the stage
// beside it is replaced by what the server renders of the next one. Other addresses are loaded as usual.

import { emit } from "./bus.js";
import { endScope, inScope } from "./scope.js";
import { loadPage } from "../lib/load_page.js";

const HEADERS = { "X-Room": "yes" }; // the server leaves the frame out
const FRESH = 3000; // ms for which a page that was asked for ahead may be shown
const WIDE = "(min-width: 1100px)"; // there the panel stands beside the room

const ROOM = /^\/(chat|dm)\/[^/]+\/$/;
// The other pages with the sidebar. An answer without a stage, as where a password is asked for, is loaded as usual.
const PAGES = [
  "inbox",
  "unread",
  "drafts",
  "people",
  "search",
  "invitations",
  "privacy",
  "my-data",
  "usage",
  "settings",
  "share",
];
const OF_ACCOUNT = ["profile", "status", "tokens", "password/change", "2fa"];
const OF_ROOM = ["about", "people"];

/**
 * starters: {room(boot) starts all that belongs to a room and returns its store, page(null, isMoved)}, where they are
 * loaded already; loaders: {room(), page()} load them. Returns {store: of the room that is shown, else null}.
 */
export function startRooms(starters, loaders) {
  const rooms = { store: null };
  let scope = null; // AbortController of the room that is shown
  let shown = placeOf(location);
  let asked = 0;
  let isSending = false; // a form
  let ahead = null; // {address, at, loading}: asked for when the pointer went down

  begin(starters[kindOf(document)]);
  document.addEventListener("rt:visit", (event) => {
    const { address, request } = event.detail;
    if (!(request ? isShownHere(address) : isElsewhere(address))) return;
    event.preventDefault();
    if (!request || !isSending) go(address, false, request);
  });
  // The window hears it last: a link may open the palette, the panel or a card instead.
  addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link);
  });
  document.addEventListener("pointerdown", (event) => {
    const link = linkOf(event);
    if (link) ahead = { address: link.href, at: Date.now(), loading: load(link) };
  });
  addEventListener("popstate", () => placeOf(location) !== shown && go(location, true));
  return rooms;

  function linkOf(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = link && !event.button && !event.defaultPrevented && !link.target && !link.hasAttribute("download");
    // What opens in the panel, the palette or a card leads to a page only without them.
    const isOpener = link?.matches("[data-palette], [data-card]") ||
      (link?.dataset.panel && document.getElementById("panel"));
    return isPlain && !isOpener && isElsewhere(link) ? link : null;
  }

  /** Whether this page can show it, and does not yet. */
  function isElsewhere(address) {
    return isShownHere(address) && placeOf(address) !== shown;
  }

  function load(address, request = {}) {
    const loading = loadPage(address.href, { ...request, headers: HEADERS });
    loading.catch(() => {}); // it is said when it is needed
    return loading;
  }

  /** isBack: the browser has moved already. request: of a form that is sent; its page stays where it was. */
  async function go(address, isBack = false, request = null) {
    const { href, hash } = address;
    const mine = (asked += 1);
    const isAhead = !request && ahead?.address === href && Date.now() - ahead.at < FRESH;
    const loading = isAhead ? ahead.loading : load(address, request);
    ahead = null;
    isSending = Boolean(request);
    markCurrent(new URL(href).pathname);
    try {
      const { page, url } = await loading;
      if (mine !== asked) return;
      const stage = page.getElementById("stage");
      if (!stage) return location.assign(request ? url : href);
      const starter = await starterOf(stage);
      const keeping = request && (await import("../lib/kept_place.js"));
      if (mine !== asked) return;
      const place = new URL(url).pathname + new URL(url).search;
      const isSame = placeOf(new URL(url)) === shown;
      if (!isBack) history[isSame ? "replaceState" : "pushState"](panelOf(stage), "", place + hash);
      const restore = keeping && isSame && keeping.keepPlace(document.getElementById("stage"));
      replace(stage, page, starter);
      if (restore) keeping.returnTo(restore(stage), stage);
    } catch {
      if (mine !== asked) return;
      markCurrent(new URL(shown, location.href).pathname);
      emit("toast", { key: "requestFailed" });
    } finally {
      if (mine === asked) isSending = false;
    }
  }

  async function starterOf(stage) {
    const kind = kindOf(stage);
    return (starters[kind] ??= await loaders[kind]());
  }

  function replace(stage, page, starter) {
    endScope(scope);
    document.getElementById("stage").replaceWith(document.adoptNode(stage));
    document.querySelector(".skip").replaceWith(document.adoptNode(page.querySelector(".skip")));
    document.title = page.title;
    shown = placeOf(location);
    markCurrent(location.pathname);
    const { kept } = page.documentElement.dataset; // by the service worker, and the server did not answer
    if (kept) document.documentElement.dataset.kept = kept;
    else delete document.documentElement.dataset.kept;
    begin(starter, true);
    emit("rooms-stale"); // what was left unread is counted again
    if (kept) emit("page-kept", { at: kept });
  }

  function begin(starter, isMoved = false) {
    scope = new AbortController();
    const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "null");
    rooms.store = inScope(scope.signal, () => starter(boot, isMoved)) ?? null;
    if (boot) emit("unread", { room: boot.room.name, unread: 0, mention: false });
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

/** A room is the same with each part of its timeline; other pages show something else for each query. */
const placeOf = ({ pathname, search }) => (ROOM.test(pathname) ? pathname : pathname + search);

const isShownHere = ({ origin, pathname }) => origin === location.origin && (ROOM.test(pathname) || isPage(pathname));

function isPage(pathname) {
  const [first, ...rest] = pathname.split("/").filter(Boolean);
  if (first === "accounts") return OF_ACCOUNT.includes(rest.join("/"));
  if (first === "chat") return !rest.length || OF_ROOM.includes(rest[1]);
  return PAGES.includes(first);
}

const kindOf = (within) => (within.querySelector("#boot") ? "room" : "page");

function markCurrent(pathname) {
  for (const link of document.querySelectorAll("#side .side-lists li > a")) {
    if (link.pathname === pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
