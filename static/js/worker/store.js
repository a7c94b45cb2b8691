// Keeps pages, and the files they need, for when there is no connection. Everything belongs to one person and is
// removed when they sign out.

import { ALWAYS_KEPT, importsOf, isRecent, markKept, OFFLINE, readPage, tooMany, withImports } from "./rules.js";
import { SHARED } from "./share.js";

const PAGES = "roundtable-pages";
const PARTS = "roundtable-parts"; // static files, small pictures
const INDEX = "/offline/kept.json"; // {me, pages: {address: {at, seq, title, parts}}, modules: {address: what it imports}}
const AT_ONCE = 6;
const LOOK = { ignoreVary: true };

let left = 0; // counts sign-outs: a page requested before one is not kept
let last = Promise.resolve(); // pages are kept one by one, because each reads and writes the index

/** Remove everything. */
export function forgetAll() {
  left += 1;
  return Promise.all([PAGES, PARTS, SHARED].map((each) => caches.delete(each)));
}

export async function readIndex() {
  const found = await caches.match(INDEX, { cacheName: PAGES });
  return found ? await found.json() : { me: "", pages: {}, modules: {} };
}

/** The page kept under an address, marked as kept, or undefined. */
export async function findPage(address) {
  const found = await caches.match(address, { cacheName: PAGES, ...LOOK });
  if (!found) return undefined;
  const { headers } = found;
  return new Response(markKept(await found.text(), Number(headers.get("X-Kept"))), { headers });
}

export const findPart = (pathname) => caches.match(pathname, { cacheName: PARTS, ...LOOK });

/**
 * Keep a page that was just loaded. me: the id of its reader, if known; a page of somebody else is not kept. Pages of
 * another person are removed first.
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
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name); // they describe the body as it was transferred
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

/** Fetch what is missing of these files and their imports. Most of it is in the browser's cache. */
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
    // the page works without it
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

/** The addresses of ALWAYS_KEPT that are not kept, or were kept more than `age` ms ago. */
export async function outdated(age) {
  const { pages } = await readIndex();
  return ALWAYS_KEPT.filter((each) => !isRecent(pages[each]?.at, age));
}
