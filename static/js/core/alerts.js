// Alerts the person: by a desktop notification while no tab is in sight, and by a sound. It asks the server for the new
// rows of the inbox and alerts for those only. Of several tabs, one does it. Where this device has push, the service
// worker alerts while no tab is in sight.

import { call } from "./api.js";
import { emit, on } from "./bus.js";
import { inScope } from "./scope.js";
import { pushWanted, storedItem } from "../lib/local_storage.js";
import { shownName } from "../lib/people.js";
import { t } from "../lib/texts.js";
import { addressOf, alertOf, isAsked, unheard } from "../state/alerts.js";
import { inTurn, look, lookedAt } from "./tabs.js";

const GRACE = 1500; // ms in which somebody may read it elsewhere: in another tab, on another device

const heard = storedItem("alerts"); // of all tabs: {at: when they were asked for last, keys: of those that have called}
let started = false;

export function startAlerts() {
  if (!started) inScope(null, begin); // it outlives the room that it was turned on in
  started = true;
}

function begin() {
  let timer = 0;
  on("wire-inbox", ({ unread }) => {
    if (unread && timer) return; // many in a row do not put it off
    clearTimeout(timer);
    timer = unread ? setTimeout(due, GRACE, Date.now()) : 0;
  });
  const tell = () => look(document.hidden ? null : location.pathname);
  document.addEventListener("visibilitychange", tell);
  on("rooms-stale", tell);
  addEventListener("pagehide", () => look(null)); // a page with a lock is not kept for the way back
  addEventListener("pageshow", tell);
  tell();

  function due(since) {
    timer = 0;
    ring(since);
  }
}

/** since: when this tab heard that there is something. */
async function ring(since) {
  if (!isWanted()) return;
  try {
    await inTurn(async () => {
      const { at = 0, keys = [] } = heard.get() ?? {};
      if (isAsked(at, since + GRACE)) return;
      const now = Date.now();
      const { items, quiet } = await call("GET", "/api/inbox/new");
      const news = unheard(items, keys);
      heard.set({ at: now, keys: news.keys });
      if (!quiet) await show(news.items);
    });
  } catch {
    // no connection: the inbox lists it all the same
  }
}

async function show(items) {
  const looked = await lookedAt();
  const news = items.filter((each) => !looked.includes(addressOf(each).pathname));
  if (!news.length || (!looked.length && hasPush())) return;
  const sound = storedItem("sound").get();
  if (sound) sing(sound, news).catch(() => {});
  if (!looked.length && mayNotify()) { for (const each of news) notify(each); }
}

/** Where this device has push, its worker and its pages do not ring for the same row. */
async function sing(sound, news) {
  const { play } = await import("../lib/sounds.js");
  if (!hasPush()) return void play(sound);
  const { noteHeard, wasPushed } = await import("../worker/rung.js");
  const rows = news.map(({ id, created }) => ({ id, at: created }));
  if ((await Promise.all(rows.map(wasPushed))).every(Boolean)) return;
  if (await play(sound)) await Promise.all(rows.map(noteHeard));
}

function notify(item) {
  const { title, body, tag } = alertOf(item, (name, room) => t("inRoom", { name, room }), shownName);
  const shown = new Notification(title, { body, tag, icon: item.by.avatar ?? iconOf() });
  shown.onclick = () => {
    window.focus();
    shown.close();
    const { pathname, hash } = addressOf(item);
    emit("open-message", { address: pathname + hash });
  };
}

const iconOf = () => document.querySelector('link[rel="apple-touch-icon"]').href;

const isWanted = () => storedItem("sound").get() || mayNotify();

const mayNotify = () =>
  storedItem("notify").get() === "yes" && globalThis.Notification?.permission === "granted" && !hasPush();

const hasPush = () => pushWanted().get() === "yes";
