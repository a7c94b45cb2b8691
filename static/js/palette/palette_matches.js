// What the palette offers for a query. Pure.

import { parseQuery } from "./palette_query.js";
import { shownName } from "../lib/people.js";

const MOST = 7; // of a group
const MAX_TITLE_LENGTH = 80; // characters of a room's title
const ORDER = ["recent", "rooms", "directs", "people", "commands", "search"];

/**
 * [{group, items: [{kind, name, title, …}]}], the group with the best hit first. What makes something new stands last,
 * so that Enter in haste makes nothing.
 *
 * listed: the rooms and direct messages at the side [{name, title, kind: "room" | "private" | "direct", address,
 * person?}], the last visited first. people: [<person>] whom the page shows. found: what the server found, null while it
 * has not answered. commands: what can be done, and pages [{id, title, address?}].
 * mayCreate: whether this person may create rooms.
 */
export function groupsFor(text, { listed, people = [], found = null, commands = [], mayCreate = true }) {
  const { sign, name } = parseQuery(text);
  if (!name && !sign) {
    return listed.length ? [{ group: "recent", items: listed.slice(0, MOST) }] : [];
  }
  const hits = { rooms: [], directs: [], people: [], commands: [] };
  if (sign !== "@" && sign !== ">") hits.rooms = roomsFor(listed, found);
  if (sign !== "#" && sign !== ">") {
    hits.directs = listed.filter(({ kind }) => kind === "direct");
    hits.people = peopleFor(hits.directs, people, found);
  }
  if (sign === ">" || !sign) {
    hits.commands = commands.map((each) => ({ ...each, kind: "command" }));
  }
  const groups = Object.entries(hits)
    .map(([group, items]) => ({ group, items: bestOf(items, name) }))
    .filter(({ items }) => items.length)
    .sort((a, b) => a.items[0].rank - b.items[0].rank || ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
  const mayOffer = found && mayCreate && !isTaken(name, hits.rooms);
  return sign === ">" ? groups : [...groups, { group: "search", items: lastOf(sign, text, name, mayOffer) }];
}

/** How well a name fits what was typed: 0 is the same, 1 begins like that, 2 has such a word, 3 holds it; or 4. */
export function rankOf(given, wanted) {
  const [name, text] = [fold(given), fold(wanted)];
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(text))) return 2;
  return name.includes(text) ? 3 : 4;
}

// As the server: without case and accents.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().trim();

/** What the server found fits in ways that the page does not know; so it stays, last. */
function bestOf(items, name) {
  return items
    .map((item) => ({ ...item, rank: Math.min(rankOf(item.title, name), rankOf(item.handle ?? item.title, name)) }))
    .filter(({ rank, isFound }) => rank < 4 || isFound)
    .sort((a, b) => a.rank - b.rank || Number(Boolean(a.isBot)) - Number(Boolean(b.isBot)))
    .slice(0, MOST);
}

function roomsFor(listed, found) {
  const mine = listed.filter(({ kind }) => kind !== "direct");
  const names = new Set(mine.map(({ name }) => name));
  const former = new Map((found?.rooms ?? []).filter(({ was }) => was).map(({ name, was }) => [name, was]));
  const others = (found?.rooms ?? []).filter(({ name }) => !names.has(name));
  return [
    ...mine.map((each) => (former.has(each.name) ? { ...each, was: former.get(each.name), isFound: true } : each)),
    ...others.map(({ name, title, kind, topic, joined, was }) => ({
      kind: kind === "private" ? "private" : "room",
      name,
      title,
      topic,
      was,
      canJoin: !joined,
      address: `/chat/${encodeURIComponent(name)}/`,
      isFound: true,
    })),
  ];
}

/** Everybody with whom I have no direct messages yet, people before bots. */
function peopleFor(directs, known, found) {
  const taken = new Set(directs.map(({ handle, title }) => handle ?? title));
  const all = new Map();
  for (const person of [...known, ...(found?.people ?? [])]) {
    if (!taken.has(person.name)) all.set(person.name, person);
  }
  const answered = new Set((found?.people ?? []).map(({ name }) => name));
  return [...all.values()]
    .sort((a, b) => Number(Boolean(a.bot)) - Number(Boolean(b.bot)))
    .map((person) => ({
      kind: "person",
      name: person.name,
      title: shownName(person),
      handle: person.name,
      person,
      address: `/dm/${encodeURIComponent(person.name)}/`,
      isFound: answered.has(person.name),
    }));
}

const isTaken = (name, rooms) => rooms.some(({ title }) => title.toLowerCase() === name.toLowerCase());

/** mayOffer: whether a room of that name can be created, as far as is known. */
function lastOf(sign, text, name, mayOffer) {
  const search = {
    kind: "search",
    name: text,
    title: text,
    address: `/search/?${new URLSearchParams({ q: text })}`,
  };
  const isOffered = mayOffer && name && Array.from(name).length <= MAX_TITLE_LENGTH;
  const create = {
    kind: "create",
    name,
    title: name,
    address: `/new-room/?${new URLSearchParams({ title: name })}`,
  };
  return sign !== "@" && isOffered ? [search, create] : [search];
}
