// Which requests the service worker answers, and which files a page needs. Pure.

export const ROOMS_KEPT = 10;
export const OFFLINE = "/offline/";
/** Kept besides rooms: the list of rooms, drafts, and the page shown in place of any other. */
export const ALWAYS_KEPT = ["/chat/", "/drafts/", OFFLINE];

const ROOM = /^\/(?:chat|dm)\/[^/]+\/$/;
const LEAVING = /^\/accounts\/(?:login|logout)\//;
const PART = /^\/(?:static\/|avatars\/|emoji\/|files\/[^/]+\/previews\/)/;
const NAMED = /\s(?:src|href)="(\/[^"#?]+)/g;
const MAX_PARTS = 400; // of one page

export const isRoom = (pathname) => ROOM.test(pathname);

/** Whether this is a file that pages need. Of the files that people sent, only the previews are. */
export const isPart = (pathname) => PART.test(pathname);

/** Whether this page signs somebody in or out. */
export const isLeaving = (pathname) => LEAVING.test(pathname);

/** Whether the server itself answered. From 502 on, a proxy answered instead, or the server cannot work now. */
export const isServed = ({ status }) => status < 502;

/** The address under which a page is kept, or null. A room has one address, whichever part of it is shown. */
export function keptAs({ pathname, search }) {
  if (isRoom(pathname)) return pathname;
  return !search && ALWAYS_KEPT.includes(pathname) ? pathname : null;
}

/** Reads {me, seq, title, parts} from HTML. me: the reader's id, or empty. parts: addresses of the files it needs. */
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
const DATA = /\/js\/(?:emoji\/|joined\/(?:lib_)?emoji)/; // tables that only the emoji picker needs

/** The modules that a module imports, at once or later: a kept page needs them, but not the emoji picker's tables. */
export function importsOf(text, address) {
  const found = [...text.matchAll(IMPORTED)].map(([, name]) => new URL(name, `https://x${address}`).pathname);
  return [...new Set(found)].filter((each) => !DATA.test(each));
}

/** These addresses and everything they import. modules: address → what it imports. */
export function withImports(addresses, modules) {
  const all = new Set(addresses);
  for (const each of all) for (const more of modules[each] ?? []) all.add(more); // the loop visits added ones, too
  return all;
}

/** The HTML with the time at which it was kept. */
export const markKept = (html, at) => html.replace("<html ", `<html data-kept="${new Date(at).toISOString()}" `);

/** Whether a time is less than `age` ms ago. A time in the future is not: the clock has been set back since. */
export function isRecent(at, age, now = Date.now()) {
  return at <= now && now - at < age;
}

/** The addresses of rooms to remove: all but the newest ROOMS_KEPT. pages: address → {at}. */
export function tooMany(pages) {
  const rooms = Object.keys(pages).filter(isRoom).sort((a, b) => pages[b].at - pages[a].at);
  return rooms.slice(ROOMS_KEPT);
}
