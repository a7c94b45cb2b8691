// Answers requests: from the server or, when it does not answer, from the pages that are kept.

import { isLeaving, isPart, isRecent, isServed, keptAs, OFFLINE } from "./rules.js";
import { takeShared } from "./share.js";
import { findPage, findPart, forgetAll, keepPage, outdated, readIndex } from "./store.js";

const SHARE = "/share/";
const PATIENCE = 4000; // ms to wait for a page of which an older version is kept
const PAUSE = 60_000; // ms before the same page is fetched again to be kept
const DAY = 24 * 3600 * 1000;

const drawn = new Set(); // client ids of kept pages on screen: the files that they need may be kept, too

/** event: a FetchEvent. Requests that are not answered here go to the server as if there were no worker. */
export function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isPage = request.mode === "navigate";
  if (isPage && request.method === "POST" && url.pathname === SHARE) return event.respondWith(takeShared(request));
  if (isPage && isLeaving(url.pathname)) return event.respondWith(goOut(event, url));
  if (request.method !== "GET") return;
  if (isPage) event.respondWith(showPage(event, url));
  else if (request.headers.has("X-Room")) event.respondWith(elseKept(fetch(request), keptAs(url)));
  else if (isPart(url.pathname) && (drawn.has(event.clientId) || !navigator.onLine)) {
    event.respondWith(partOf(request, url));
  }
}

/** Signing in or out: removes everything kept. The server shows the form to sign in only if nobody is signed in. */
async function goOut(event, url) {
  const found = (await event.preloadResponse) ?? (await fetch(event.request));
  const isOut = event.request.method === "POST" || (found.ok && url.pathname.startsWith("/accounts/login/"));
  if (isOut) await forgetAll();
  return found;
}

async function showPage(event, url) {
  const address = keptAs(url);
  const coming = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  try {
    const known = address && (await readIndex()).pages[address];
    const found = await (known ? within(coming, PATIENCE) : coming);
    if (known && !isServed(found)) throw new Error(`answered ${found.status}`);
    if (known && found.ok && !url.search) event.waitUntil(keepPage(address, found.clone()).catch(() => {}));
    return found;
  } catch {
    const kept = (address && (await findPage(address))) ?? (await findPage(OFFLINE));
    if (kept) drawn.add(event.resultingClientId);
    return kept ?? coming;
  }
}

/** The server's answer to a page that changes rooms without loading, or else the kept page. */
async function elseKept(coming, address) {
  try {
    const found = await coming;
    if (isServed(found)) return found;
  } catch {
    // no connection
  }
  return (address && (await findPage(address))) ?? coming;
}

async function partOf(request, url) {
  return (await findPart(url.pathname)) ?? fetch(request);
}

function within(coming, ms) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms));
  return Promise.race([coming, late]);
}

/** Keep the page at `address`, unless it has not changed or was just kept. Fetches outdated pages anew, too. */
export async function keepShown({ address, seq, me }) {
  const kept = (await readIndex()).pages[address];
  const isKnown = kept && (kept.seq >= seq || isRecent(kept.at, PAUSE));
  if (address && !isKnown) await keepPage(address, await fetch(address, { cache: "no-store" }), me);
  for (const each of await outdated(DAY)) await keepPage(each, await fetch(each, { cache: "no-store" }), me);
}
