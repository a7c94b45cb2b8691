// What the service worker does with a request, and what a page needs. Pure.

export const ROOMS_KEPT = 10;
export const OFFLINE = "/offline/";
/** Kept besides rooms: the list of rooms, what was not sent, and what is said of any other page. */
export const ALWAYS_KEPT = ["/chat/", "/drafts/", OFFLINE];

const ROOM = /^\/(?:chat|dm)\/[^/]+\/$/;
const LEAVING = /^\/accounts\/(?:login|logout)\//;
const PART = /^\/(?:static\/|avatars\/|emoji\/|files\/[^/]+\/previews\/)/;
const NAMED = /\s(?:src|href)="(\/[^"#?]+)/g;
const MAX_PARTS = 400; // of one page

export const isRoom = (pathname) => ROOM.test(pathname);

/** What a page needs of this server to be drawn; no files that people sent but their small pictures. */
export const isPart = (pathname) => PART.test(pathname);

/** Going there shows that nobody is signed in any more, or will not be. */
export const isLeaving = (pathname) => LEAVING.test(pathname);

/** Whether the server itself answered. From 502 on, it was a proxy, or the server can do nothing now. */
export const isServed = ({ status }) => status < 502;

/** The address under which a page is kept: a room is the same with each part of its timeline. Null: it is not. */
export function keptAs({ pathname, search }) {
  if (isRoom(pathname)) return pathname;
  return !search && ALWAYS_KEPT.includes(pathname) ? pathname : null;
}

/** What a page says of itself: {me, seq, parts}. me: the id of whoever reads it; empty: it is nobody's. */
export function readPage(html) {
  const parts = new Set();
  for (const [, address] of html.matchAll(NAMED)) if (isPart(address) && parts.size < MAX_PARTS) parts.add(address);
  return {
    me: html.match(/ id="side-drafts" data-me="(\d+)"/)?.[1] ?? "",
    seq: Number(html.slice(html.lastIndexOf('id="boot">')).match(/"seq":(\d+)/)?.[1] ?? 0),
    title: (html.match(/<title>([^<]*)<\/title>/)?.[1] ?? "").replace(/\s+/g, " ").replace(/ · [^·]*$/, "").trim(),
    parts: [...parts],
  };
}

const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.[^"]+\.js)"/g;
const DATA = /\/js\/(?:emoji\/|joined\/(?:lib_)?emoji)/; // tables that only the picker of emoji needs

/** What a module imports, at once or later: a page that is kept can do what any page does. */
export function importsOf(text, address) {
  const found = [...text.matchAll(IMPORTED)].map(([, name]) => new URL(name, `https://x${address}`).pathname);
  return [...new Set(found)].filter((each) => !DATA.test(each));
}

/** Addresses with all that they import. modules: address → what it imports. */
export function withImports(addresses, modules) {
  const all = new Set(addresses);
  for (const each of all) for (const more of modules[each] ?? []) all.add(more); // what is added is visited, too
  return all;
}

/** The same page, which says since when it was kept. */
export const markKept = (html, at) => html.replace("<html ", `<html data-kept="${new Date(at).toISOString()}" `);

/** Whether something was that short a while ago; what is of the future is not: since then a clock was put right. */
export function isRecent(at, age, now = Date.now()) {
  return at <= now && now - at < age;
}

/** The addresses of rooms that are kept no more: all but the newest. pages: address → {at}. */
export function tooMany(pages) {
  const rooms = Object.keys(pages).filter(isRoom).sort((a, b) => pages[b].at - pages[a].at);
  return rooms.slice(ROOMS_KEPT);
}
