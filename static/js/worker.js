// The service worker: shows kept pages while there is no connection, and notifications for pushes. /sw.js loads it and
// sets `self.words`, the texts of notifications in the language of the person who is signed in.

import { answer, keepShown } from "./worker/pages.js";
import { choose, subscribeAgain, take } from "./worker/push.js";
import { forgetAll } from "./worker/store.js";

// A new worker takes over at once: it keeps no state of pages, and pages of other versions can talk to it.
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
  await self.registration.navigationPreload?.enable(); // the request for a page is sent while the worker starts
  await self.clients.claim();
}
