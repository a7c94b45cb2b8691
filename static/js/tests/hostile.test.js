// No module may fail for what a browser reports or lacks: each is loaded in a world of its own, and what it writes is looked at.

import assert from "node:assert/strict";
import test from "node:test";
import { Worker } from "node:worker_threads";

import { folder, modules as all } from "./modules.js";

const PAGES = new Set(["main.js", "list.js", "copy_field.js", "passkeys.js", "worker.js"]); // they begin to work on the page they are in: see e2e
const modules = all.filter((name) => !PAGES.has(name));

const LANGUAGES = ["en-US@posix", "C", "", "c.utf-8", "POSIX", "x", "en_US", undefined, null, 7, "de-DE-u-ca-gregory"];
const INTL = [
  "PluralRules",
  "ListFormat",
  "RelativeTimeFormat",
  "DateTimeFormat",
  "NumberFormat",
  "getCanonicalLocales",
];
const WORLDS = [
  ...LANGUAGES.map((language) => [
    `navigator.language is ${JSON.stringify(language)}`,
    `set(navigator, "language", () => ${JSON.stringify(language)})`,
  ]),
  ...LANGUAGES.slice(0, 6).map((language) => [
    `the page's language is ${JSON.stringify(language)}`,
    `document.documentElement.lang = ${JSON.stringify(language)}`,
  ]),
  ...INTL.map((name) => [`there is no Intl.${name}`, `delete Intl.${name}`]),
  ["there is no Intl", "delete globalThis.Intl"],
  [
    "formats know no styles",
    `const Whole = Intl.DateTimeFormat; Intl.DateTimeFormat = function (locale, options) { if (options?.dateStyle) throw new RangeError("dateStyle"); return new Whole(locale, options); }`,
  ],
  ["the time zone is no text", "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: undefined })"],
  [
    "the time zone is a header",
    `Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: "Mars/Base; secure\\r\\nX: y" })`,
  ],
  [
    "storage is forbidden",
    `for (const name of ["localStorage", "sessionStorage"]) set(globalThis, name, () => { throw new DOMException("no", "SecurityError"); })`,
  ],
  [
    "there is no storage",
    `for (const name of ["localStorage", "sessionStorage", "indexedDB"]) set(globalThis, name, () => undefined)`,
  ],
  [
    "there are no channels, no notifications, no crypto, no CSS",
    `for (const name of ["BroadcastChannel", "Notification", "crypto", "CSS", "matchMedia"]) set(globalThis, name, () => undefined)`,
  ],
];

const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const set = (object, name, get) => Object.defineProperty(object, name, { get, configurable: true });
  globalThis.document = Object.assign(new EventTarget(), { documentElement: { lang: "de" }, getElementById: () => null, querySelectorAll: () => [] });
  set(globalThis, "navigator", () => hostile);
  const hostile = { language: "de-AT" };
  (async () => {
    const errors = [];
    new Function("set", "navigator", workerData.world)(set, hostile);
    const loaded = {};
    for (const name of workerData.modules) {
      try {
        loaded[name] = await import(workerData.folder + name);
      } catch (error) {
        errors.push(name + ": " + error);
      }
    }
    const moment = "2026-11-20T10:00:00Z";
    const { clockTime, exactTime, shortTime, dayName } = loaded["lib/times.js"];
    const { number, timeZone } = loaded["lib/formats.js"];
    const { t, list } = loaded["lib/texts.js"];
    const now = Date.parse(moment) + 65_000;
    const written = [
      clockTime(moment), exactTime(moment), shortTime(moment, now), shortTime(moment, now + 1e9),
      dayName("2026-11-20", now), dayName("2026-11-19", now), dayName("2025-01-01", now), number(1234.5), list(["a", "b"]), t("key", { count: 2 }),
    ];
    loaded["lib/local_storage.js"].storedItem("a").set(1);
    parentPort.postMessage({ errors, written, zone: timeZone() });
  })().catch((error) => parentPort.postMessage({ errors: [String(error)], written: [], zone: "" }));
`;

const inWorld = (world) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: { world, modules, folder: folder.href } });
    worker.once("message", (answer) => worker.terminate().then(() => resolve(answer)));
    worker.once("error", reject);
  });

for (const [name, world] of WORLDS) {
  test(`when ${name}, every module loads and writes something`, async () => {
    const { errors, written, zone } = await inWorld(world);
    assert.deepEqual(errors, []);
    assert.equal(written.length, 10);
    for (const text of written) assert.match(text, /^[^\n]+$/);
    assert.ok(!/undefined|NaN|Invalid|\[object/.test(written.join()), written.join());
    assert.match(zone, /^[\w+/-]*$/);
  });
}
