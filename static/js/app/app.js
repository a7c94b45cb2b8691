// The service worker, seen from a page: registers it, tells it which room to keep for when there is no connection, and
// opens the address of a notification that was clicked.

import { emit, on } from "../core/bus.js";
import { visit } from "../core/visit.js";
import { renewDevice } from "../lib/device.js";
import { storedItem } from "../lib/local_storage.js";
import { trustedWorker } from "../lib/trusted_html.js";
import { showKept } from "./kept_page.js";

const SETTLE = 10_000; // ms in a room before it is kept: whoever only passes through costs the server nothing more

/** rooms: {store: of the room that is shown, else null}. */
export async function startApp(rooms) {
  const { dataset } = document.documentElement;
  if (dataset.kept) showKept(dataset.kept);
  on("page-kept", ({ at }) => showKept(at));
  on("open-message", ({ address }) => open(rooms.store?.state.room, new URL(address, location.origin)));
  on("inbox-count", ({ unread }) => showCount(unread));
  if (storedItem("notify").get() || storedItem("sound").get()) {
    import("../core/alerts.js").then(({ startAlerts }) => startAlerts(), () => {});
  }
  const worker = await registered();
  if (!worker) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type === "open") emit("open-message", data);
  });
  navigator.serviceWorker.startMessages();
  keepRooms(worker, rooms);
  renewDevice(worker);
}

/** Tell the worker to keep the room: SETTLE ms after it is opened, and whenever the page is hidden. */
function keepRooms(worker, rooms) {
  let timer = setTimeout(keep, SETTLE);
  on("rooms-stale", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SETTLE);
  });
  on("state", ({ state, before }) => {
    const { phase } = state.connection;
    if (phase !== before.connection.phase && phase === "signed-out") worker.active?.postMessage({ type: "forget" });
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());

  function keep() {
    const { room, seq, connection } = rooms.store?.state ?? {};
    if (document.documentElement.dataset.kept || navigator.connection?.saveData) return;
    if (connection && connection.phase !== "live") return;
    worker.active?.postMessage({
      type: "keep",
      address: room ? location.pathname : null,
      seq,
      me: document.getElementById("side-drafts").dataset.me,
    });
  }
}

/** room: the one on the page, if any: its messages are shown without leaving the page. */
function open(room, { pathname, search, hash }) {
  const id = Number(hash.match(/^#m(\d+)$/)?.[1]);
  const isHere = room && (pathname === location.pathname || pathname === `/chat/${room.name}/`);
  if (id && isHere) emit("show-message", { id });
  else visit(pathname + (id && !search ? `?around=${id}` : search) + hash);
}

/** Show the inbox's unread count on the icon of the installed app. */
function showCount(unread) {
  const shown = unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
  shown?.catch(() => {}); // it is not installed
}

/** The registration of the worker. Null without one: an old browser, a private window, plain HTTP. */
async function registered() {
  try {
    return (await navigator.serviceWorker.register(trustedWorker(), { type: "module", scope: "/" })) ?? null;
  } catch {
    return null;
  }
}
