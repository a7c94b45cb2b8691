// What the jump box offers for a text, besides the rooms and talks at the side. Pure.

const MOST = 6; // people
const NAME = /^[\w.-]+$/;
const WIDE = { "＠": "@", "＃": "#" };

/**
 * [{kind: "talk" | "room" | "search", name}], the best first. @ asks for people, # for rooms. What might make
 * something new stands last, unless one asks for it, so that Enter in haste opens no room.
 */
export function offersFor(text, people) {
  const [typed = "", sign = WIDE[typed] ?? typed] = /^[@#＠＃]/.exec(text) ?? [];
  const name = text.slice(typed.length);
  const same = (other) => other.toLowerCase() === name.toLowerCase();
  const known = sign === "#" || !name ? [] : people.filter((each) => each.toLowerCase().startsWith(name.toLowerCase())).slice(0, MOST);
  const talks = known.map((each) => ({ kind: "talk", name: each }));
  const talk = sign === "#" || !NAME.test(name) || known.some(same) ? [] : [{ kind: "talk", name }];
  const room = sign === "@" || !name || name.includes("/") ? [] : [{ kind: "room", name }];
  const search = text ? [{ kind: "search", name: text }] : [];
  return sign ? [...talks, ...talk, ...room, ...search] : [...talks, ...search, ...talk, ...room];
}
