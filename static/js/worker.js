// The service worker: pages without a connection, and what comes while no page is open. /sw.js loads it, and says in
// `self.words` what stands on notifications, in the language of whoever is signed in.

import { answer, keepShown } from "./worker/pages.js";
import { choose, subscribeAgain, take } from "./worker/push.js";
import { forgetAll } from "./worker/store.js";

// It holds nothing of a page, and understands those of before and after: a new one takes over at once.
addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", answer);
addEventListener("push", (event) => event.waitUntil(take(event.data, self.words)));
addEventListener("notificationclick", (event) => event.waitUntil(choose(event, self.words)));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event.newSubscription)));
addEventListener("message", (event) => {
  const { type, ...told } = event.data ?? {};
  if (type === "keep") event.waitUntil(keepShown(told).catch(() => {}));
  if (type === "forget") event.waitUntil(forgetAll());
});

async function takeOver() {
  await self.registration.navigationPreload?.enable(); // a page is asked for while this starts
  await self.clients.claim();
}
