// What the jump box offers for a query, besides the entries of the sidebar. Pure.

const MAX_PEOPLE = 6; // people that the page knows
const MAX_TITLE_LENGTH = 80; // characters of a room's title
const WIDE = { "＠": "@", "＃": "#" };

/**
 * [{kind: "direct" | "room" | "join" | "search" | "create", name, title?}], the best first. @ asks for people, # for
 * rooms. What makes something new stands last, so that Enter in haste makes nothing.
 *
 * people: names that the page shows. found: what the server found, null while it has not answered. shown: names of
 * the rooms and people at the side.
 */
export function matchesFor(text, people, found = null, shown = new Set()) {
  const { sign, name } = parseQuery(text);
  const rooms = (found?.rooms ?? []).filter((room) => !shown.has(room.name));
  const search = text ? [{ kind: "search", name: text }] : [];
  const roomMatches = rooms.map(({ name: address, title, joined }) => ({
    kind: joined ? "room" : "join",
    name: address,
    title,
  }));
  const create = sign !== "@" && found && isFree(name, found.rooms) ? [{ kind: "create", name }] : [];
  return [
    ...directMessagesFor(sign, name, people, found, shown),
    ...(sign === "@" ? [] : roomMatches),
    ...search,
    ...create,
  ];
}

/** How well a name fits what was typed: 0 is the same, 1 begins like that, 2 has such a word, 3 holds it. */
export function rankOf(name, text) {
  const wanted = parseQuery(text).name.toLowerCase();
  const given = name.toLowerCase();
  if (given === wanted) return 0;
  if (given.startsWith(wanted)) return 1;
  return given.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)) ? 2 : 3;
}

function directMessagesFor(sign, name, people, found, shown) {
  if (sign === "#" || !name) return [];
  const begins = (each) => each.toLowerCase().startsWith(name.toLowerCase());
  const known = people.filter(begins).slice(0, MAX_PEOPLE);
  const others = (found?.people ?? []).map((person) => person.name).filter((each) => !shown.has(`@${each}`));
  return [...new Set([...known, ...others])].map((each) => ({ kind: "direct", name: each }));
}

const isFree = (name, rooms) =>
  Boolean(name) && Array.from(name).length <= MAX_TITLE_LENGTH &&
  !rooms.some(({ title }) => title.toLowerCase() === name.toLowerCase());

function parseQuery(text) {
  const [typed = "", sign = WIDE[typed] ?? typed] = /^[@#＠＃]/.exec(text) ?? [];
  return { sign, name: text.slice(typed.length).trim() };
}
