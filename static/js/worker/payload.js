// What a push says, as the service worker shows it. Pure. See docs/protocol.md for its fields.

const UNKNOWN = { type: "show", tag: "", title: "Roundtable", body: "", url: "/inbox/" };

/** What it says; of a later version at least that there is something. text: the payload, or undefined. */
export function parse(text) {
  try {
    const told = JSON.parse(text);
    if (told.type === "close" && Array.isArray(told.tags)) return told;
    if (told.type === "show" && typeof told.title === "string") return { ...UNKNOWN, ...told };
  } catch {
    // nothing, or not ours
  }
  return UNKNOWN;
}

/** A path of this site; anything else would lead away from it. */
export function addressOf({ url }, origin) {
  try {
    const { origin: there, pathname, search, hash } = new URL(url, origin);
    return there === origin ? pathname + search + hash : UNKNOWN.url;
  } catch {
    return UNKNOWN.url;
  }
}

/** Whether somebody who looks at this page of ours sees it happen. */
export function isShownBy(pathname, told, origin) {
  return pathname === `/chat/${told.room}/` || pathname === new URL(addressOf(told, origin), origin).pathname;
}

/** What stands on it: in the language of this push, else as the worker has it. */
export const wordsOf = (told, words) => ({ ...words, ...told.words });

/** Options of showNotification. ours: {reply, read, badge, icon}, for what it does not say itself. */
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
