// Pages that the service worker keeps for when there is no connection, and what they need. All of it is of one person,
// and goes when they leave.

import { ALWAYS_KEPT, importsOf, isRecent, markKept, OFFLINE, readPage, tooMany, withImports } from "./rules.js";
import { SHARED } from "./share.js";

const PAGES = "roundtable-pages";
const PARTS = "roundtable-parts"; // static files, small pictures
const INDEX = "/offline/kept.json"; // {me, pages: {address: {at, seq, title, parts}}, modules: {address: what it imports}}
const AT_ONCE = 6;
const LOOK = { ignoreVary: true };

let left = 0; // how often somebody has gone: what was asked for before is not kept
let last = Promise.resolve(); // one after the other: the index is read and written

/** Nothing is left of anybody. */
export function forgetAll() {
  left += 1;
  return Promise.all([PAGES, PARTS, SHARED].map((each) => caches.delete(each)));
}

export async function readIndex() {
  const found = await caches.match(INDEX, { cacheName: PAGES });
  return found ? await found.json() : { me: "", pages: {}, modules: {} };
}

/** The page that is kept under an address, marked as such; undefined: none is. */
export async function findPage(address) {
  const found = await caches.match(address, { cacheName: PAGES, ...LOOK });
  if (!found) return undefined;
  const { headers } = found;
  return new Response(markKept(await found.text(), Number(headers.get("X-Kept"))), { headers });
}

export const findPart = (pathname) => caches.match(pathname, { cacheName: PARTS, ...LOOK });

/**
 * Keep a page that has just come. me: who is thought to read it; another one's page is not kept, and nothing of anybody
 * else is left.
 */
export function keepPage(address, answer, me = "") {
  const then = left;
  last = last.catch(() => {}).then(() => keep(address, answer, me, () => then === left));
  return last;
}

async function keep(address, answer, me, isStill) {
  if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const html = await answer.text();
  const page = readPage(html);
  const isMine = address === OFFLINE || (page.me && page.me === (me || page.me));
  if (!isMine || !isStill()) return;
  let index = await readIndex();
  if (index.me && page.me && index.me !== page.me) {
    await Promise.all([caches.delete(PAGES), caches.delete(PARTS)]);
    index = { me: "", pages: {}, modules: {} };
  }
  const { seq, title, parts } = page;
  const at = Date.now();
  index.me ||= page.me;
  index.pages[address] = { at, seq, title, parts };
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name); // of what came over the line
  headers.set("X-Kept", at);
  await keepParts(parts, index.modules);
  const gone = tooMany(index.pages);
  for (const each of gone) delete index.pages[each];
  if (!isStill()) return;
  const cache = await caches.open(PAGES);
  await cache.put(address, new Response(html, { headers }));
  await cache.put(INDEX, new Response(JSON.stringify(index), { headers: { "Content-Type": "application/json" } }));
  for (const each of gone) await cache.delete(each);
  await removeUnused(index);
  if (!isStill()) await forgetAll();
}

/** What is missing of these, and of what they import. Most of it is in the browser's own cache. */
async function keepParts(parts, modules) {
  const cache = await caches.open(PARTS);
  const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  let missing = parts.filter((each) => !known.has(each));
  while (missing.length) {
    const some = missing.splice(0, AT_ONCE);
    for (const each of some) known.add(each);
    await Promise.all(some.map((each) => addPart(cache, each, modules)));
    missing = [...withImports([...parts, ...some], modules)].filter((each) => !known.has(each));
  }
}

async function addPart(cache, address, modules) {
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return;
    if (address.endsWith(".js")) modules[address] = importsOf(await answer.clone().text(), address);
    await cache.put(address, answer);
  } catch {
    // the page is drawn without it
  }
}

async function removeUnused({ pages, modules }) {
  const used = withImports(Object.values(pages).flatMap(({ parts }) => parts), modules);
  const cache = await caches.open(PARTS);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (used.has(pathname)) continue;
    delete modules[pathname];
    await cache.delete(request);
  }
}

/** Those of ALWAYS_KEPT that are not kept, or were so long ago. */
export async function outdated(age) {
  const { pages } = await readIndex();
  return ALWAYS_KEPT.filter((each) => !isRecent(pages[each]?.at, age));
}
