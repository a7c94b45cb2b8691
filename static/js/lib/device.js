// Push on this device: the browser's subscription, and what the server knows of it.

import { call } from "../core/api.js";
import { pushWanted, storedItem, storedItemInTab } from "./local_storage.js";

const renewed = storedItemInTab("push-renewed");

/** Why push cannot be turned on: "" (it can), "ios" (install the app first), "unsupported", "blocked". */
export function obstacle() {
  const isApple = /iPhone|iPad/.test(navigator.userAgent) ||
    (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  const isAble = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
  if (!isAble) return isApple && !isInstalled ? "ios" : "unsupported";
  return Notification.permission === "denied" ? "blocked" : "";
}

export async function isOn() {
  return pushWanted().get() === "yes" && Boolean(await current());
}

/** Ask, subscribe, and tell the server. Returns what stood in the way, or "". */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return obstacle() || "asked";
  if (!(await navigator.serviceWorker.getRegistration())) throw new Error("no worker");
  const worker = await navigator.serviceWorker.ready;
  const { key } = await call("GET", "/api/me/devices/key");
  await tell(await subscribe(worker, key));
  pushWanted().set("yes");
  return "";
}

export async function turnOff() {
  const subscription = await current();
  pushWanted().set("");
  if (!subscription) return;
  const { devices } = await call("GET", "/api/me/devices");
  const mine = devices.find(({ id }) => id === storedItem("device").get());
  if (mine) await call("DELETE", `/api/me/devices/${mine.id}`);
  await subscription.unsubscribe();
}

/** Once in each tab: the server forgets a device with the session that it was registered in. */
export async function renewDevice(worker) {
  if (pushWanted().get() !== "yes" || renewed.get()) return;
  try {
    const subscription = await worker.pushManager.getSubscription();
    if (subscription && Notification.permission === "granted") await tell(await withKey(worker, subscription));
    else pushWanted().set(""); // it was taken away in the browser's own settings
    renewed.set("yes");
  } catch {
    // away: the next page does it
  }
}

/** The subscription, or a new one if the server's key has changed since. */
async function withKey(worker, subscription) {
  const { key } = await call("GET", "/api/me/devices/key");
  return isForKey(subscription, key) ? subscription : subscribe(worker, key);
}

/** key: from the server, in base64url. If a browser does not tell its key, it is taken to be the right one. */
function isForKey({ options }, key) {
  if (!options?.applicationServerKey) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}

/** A subscription with an old key, as of a server that was set up anew, is replaced. */
async function subscribe(worker, key) {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await worker.pushManager.subscribe(options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    return worker.pushManager.subscribe(options);
  }
}

async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const { id } = await call("POST", "/api/me/devices", { endpoint, keys });
  storedItem("device").set(id);
}

async function current() {
  const worker = await navigator.serviceWorker?.getRegistration();
  return worker?.pushManager?.getSubscription();
}
