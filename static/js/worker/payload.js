// Reads pushes and turns them into notifications. Pure. docs/protocol.md has the fields.

const UNKNOWN = { type: "show", tag: "", title: "Roundtable", body: "", url: "/inbox/" };

/** text: the payload, or undefined. A push that cannot be read becomes a notification that leads to the inbox. */
export function parse(text) {
  try {
    const told = JSON.parse(text);
    if (told.type === "close" && Array.isArray(told.tags)) return told;
    if (told.type === "show" && typeof told.title === "string") return { ...UNKNOWN, ...told };
  } catch {
    // no payload, or not from this server
  }
  return UNKNOWN;
}

/** The path that a notification leads to, always on this site. */
export function addressOf({ url }, origin) {
  try {
    const { origin: there, pathname, search, hash } = new URL(url, origin);
    return there === origin ? pathname + search + hash : UNKNOWN.url;
  } catch {
    return UNKNOWN.url;
  }
}

/** Whether the page at this path shows what the push is about. */
export function isShownBy(pathname, told, origin) {
  return pathname === `/chat/${told.room}/` || pathname === new URL(addressOf(told, origin), origin).pathname;
}

/** The worker's own texts, replaced by those of the push, which are in its language. */
export const wordsOf = (told, words) => ({ ...words, ...told.words });

/** Options for showNotification. ours: {reply, read, badge, icon}, used where the push has no value. */
export function optionsOf(told, ours) {
  const words = wordsOf(told, ours);
  const actions = [];
  if (told.message) {
    actions.push({ action: "reply", type: "text", title: words.reply, placeholder: words.reply });
    actions.push({ action: "read", title: words.read });
  }
  return {
    body: told.body,
    tag: told.tag,
    renotify: Boolean(told.tag),
    icon: told.icon || words.icon,
    badge: words.badge,
    timestamp: Date.parse(told.at) || Date.now(),
    actions,
    data: told,
  };
}
