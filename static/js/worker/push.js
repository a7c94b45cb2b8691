// Shows notifications for pushes and handles clicks on them. The action `read` marks the room read up to the message.

import { addressOf, isShownBy, optionsOf, parse, wordsOf } from "./payload.js";
import { notePush } from "./rung.js";
import { post, read } from "./server.js";

/** data: of a push event. words: see optionsOf. */
export async function take(data, words) {
  const told = parse(data?.text());
  await showCount(told.badge);
  if (told.type === "close") return close(told.tags);
  const inSight = await pagesInSight();
  if (inSight.some((pathname) => isShownBy(pathname, told, location.origin))) return undefined;
  const { pushed, heard } = told.id ? await notePush(told) : {};
  if (pushed || (heard && inSight.length)) return undefined;
  const options = optionsOf(told, words);
  if (heard) Object.assign(options, { silent: true, renotify: false }); // a page that is no longer visible has rung
  return self.registration.showNotification(told.title, options);
}

/** action, reply: of a notificationclick event. */
export async function choose({ notification, action, reply }, words) {
  const told = notification.data ?? {};
  notification.close();
  if (action === "read") return markRead(told).catch(() => open(told));
  if (action === "reply" && reply) return answer(told, reply, words);
  return open(told);
}

/** The browser has replaced or ended the subscription. */
export async function subscribeAgain(made) {
  const { key } = await read("/api/me/devices/key");
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscription = made ?? (await self.registration.pushManager.subscribe(options));
  const { endpoint, keys } = subscription.toJSON();
  await post("/api/me/devices", { endpoint, keys });
}

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

async function pagesInSight() {
  const seen = (await windows()).filter(({ focused, visibilityState }) => focused && visibilityState === "visible");
  return seen.map(({ url }) => new URL(url).pathname);
}

async function close(tags) {
  for (const tag of tags) {
    for (const each of await self.registration.getNotifications({ tag })) each.close();
  }
}

/** Show it in the window that was used last, without loading the page anew, or else in a new window. */
async function open(told) {
  const address = addressOf(told, location.origin);
  const page = (await windows()).find(({ url }) => isApp(new URL(url)));
  if (!page) return self.clients.openWindow(address);
  await page.focus?.().catch(() => {}); // refused unless the person clicked; the page moves there all the same
  return page.postMessage({ type: "open", address });
}

/** Whether this page has the script that handles the message `open` (static/js/app/app.js). */
const isApp = ({ pathname }) =>
  !/^\/(?:accounts\/(?:login|signup|logout|password\/reset)|admin|offline)\b/.test(pathname);

async function markRead({ room, message }) {
  const path = `/api/rooms/${encodeURIComponent(room)}`;
  const { messages } = await read(`${path}/messages?around=${message}&limit=2`);
  const { seq } = messages.find(({ id }) => id === message);
  await post(`${path}/commands`, { type: "read", id: crypto.randomUUID(), seq });
}

async function answer(told, text, words) {
  const { room, message, kind, tag } = told;
  const body = { message: text, id: crypto.randomUUID(), ...(kind === "direct" ? {} : { reply_to: message }) };
  try {
    await post(`/api/rooms/${encodeURIComponent(room)}/messages`, body);
  } catch {
    await self.registration.showNotification(wordsOf(told, words).failed, {
      ...optionsOf(told, words),
      tag,
      body: text,
    });
  }
}

async function showCount(count) {
  if (!Number.isInteger(count)) return;
  try {
    await (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.());
  } catch {
    // only installed apps have a badge
  }
}
