// Which rows of the inbox cause an alert now, and the text of the alert. Pure.

const MOST_KEYS = 100;
const MAX_LENGTH = 200; // characters of a message
const STACKED_MARKS = /(\p{M}{8})\p{M}+/gu; // no clipping of ours reaches what the system shows

/** A row that is new again, for example after one more reaction, causes another alert. */
const keyOf = ({ id, created }) => `${id}:${created}`;

/** Of rows that are unread: {items: those that have not called yet, the last one of each room; keys: of all}. */
export function unheard(items, keys) {
  const news = items.filter((each) => !keys.includes(keyOf(each)));
  const last = new Map();
  for (const each of [...news].sort((a, b) => (a.created < b.created ? -1 : 1))) last.set(each.room?.name, each);
  return { items: [...last.values()], keys: [...keys, ...news.map(keyOf)].slice(-MOST_KEYS) };
}

/** Whether another tab has asked after that moment. at: when it did; of the future when a clock was put right. */
export const isAsked = (at, since, now = Date.now()) => at >= since && at <= now;

/** Where a row leads to: {pathname, hash}. */
export function addressOf({ room, by, message_id: message }) {
  if (!room || !message) return { pathname: "/inbox/", hash: "" };
  const pathname = room.kind === "direct" && by ? `/dm/${encodeURIComponent(by.name)}/` : `/chat/${room.name}/`;
  return { pathname, hash: `#m${message}` };
}

/** {title, body, tag} of a notification. inRoom(name, room): that somebody says something there. */
export function alertOf({ room, by, excerpt, reactions = [] }, inRoom, shownName) {
  const name = shownName(by);
  const emoji = [...new Set(reactions.map((each) => each.emoji))].join(" ");
  const text = [emoji, excerpt].filter(Boolean).join(" ");
  const body = Array.from(text.replace(STACKED_MARKS, "$1")).slice(0, MAX_LENGTH).join("");
  return {
    title: !room || room.kind === "direct" ? name : inRoom(name, room.title),
    body,
    tag: room ? `room:${room.name}` : "inbox", // as the server names it for push
  };
}
