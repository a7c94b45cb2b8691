// Files on their way to the server, of all rooms: they go on while the person reads another one. Whoever shows them
// hears of changes by `rt:uploads`.

import { call, callAndLeave } from "../core/api.js";
import { emit } from "../core/bus.js";
import { newId } from "../core/protocol.js";
import { find, forget, keep, keptOf } from "../lib/kept_files.js";
import { smallPicture } from "./thumbs.js";
import { postFile } from "./post_file.js";

const AT_ONCE = 3;
const PAUSE = 10_000; // ms; those that a busy server has sent away do not all come back at once
const LARGE = 8 * 2 ** 20; // bytes, from which on a file goes up by pieces
// key → {key, area, room, blob, name, size, type, alt, at, taken, thumb?, width?, height?, status, percent, id?, why?,
// address?}. status: waiting | uploading | there | failed. taken: it belongs to a message that is being sent. address:
// of what has arrived of a large one.
const uploads = new Map();
let isListening = false;

/** A key for the files of one person in one room or conversation. */
export const areaOf = (me, room) => `${me.id}:${room.with ? `@${room.with.id}` : room.name}`;

/** The files that were chosen in a room and belong to no message yet. */
export const chosenIn = (area) => [...uploads.values()].filter((each) => each.area === area && !each.taken);

/** area: see areaOf. room: its name; empty: they are held until the message is sent. */
export function add(area, room, file) {
  const { name, size, type } = file;
  const upload = { key: newId(), area, room, blob: file, name, size, type, alt: "", at: Date.now(), taken: false };
  begin(upload);
  keep(plain(upload));
  smallPicture(file).then((found) => {
    if (!uploads.has(upload.key)) return;
    change(upload, found);
    keep(plain(upload));
  });
}

/** Those that an earlier page left behind. */
export async function restore(area) {
  for (const each of await keptOf(area)) if (!uploads.has(each.key) && !each.taken) begin(each);
}

/** The upload of that key, from the store if need be; undefined when it is gone. */
export async function recover(key) {
  const kept = uploads.get(key) ?? (await find(key));
  if (kept && !uploads.has(key)) begin(kept);
  return uploads.get(key);
}

export const get = (key) => uploads.get(key);

export function remove(key) {
  const { abort, id, taken, address } = uploads.get(key) ?? {};
  abort?.();
  if (address && !id) callAndLeave("DELETE", address);
  if (id && !taken) callAndLeave("DELETE", `/api/files/${id}`);
  uploads.delete(key);
  forget(key);
  changed();
  next();
}

/** Upload it again from the beginning. */
export function again(key, fields = {}) {
  const upload = uploads.get(key);
  upload?.abort?.();
  if (upload) begin(Object.assign(upload, fields));
  if (upload) keep(plain(upload));
}

/** Say what a picture shows. It goes up with the file, or after it. */
export function setAlt(key, alt) {
  const upload = uploads.get(key);
  if (upload.held) return change(upload, { alt }), keep(plain(upload));
  if (upload.status !== "there") return again(key, { alt });
  call("PATCH", `/api/files/${upload.id}`, { alt }).catch(() => again(key, { alt }));
  change(upload, { alt });
  keep(plain(upload));
}

/** It belongs to a message from now on. */
export function take(key) {
  const upload = uploads.get(key);
  upload.taken = true;
  keep(plain(upload));
}

/** They were not sent after all. */
export function giveBack(files) {
  for (const upload of files.map(({ key }) => uploads.get(key)).filter(Boolean)) {
    change(upload, { taken: false });
    keep(plain(upload));
  }
}

function begin(upload) {
  if (!isListening) { for (const event of ["online", "rt:wire-welcome"]) listenFor(event); }
  isListening = true;
  Object.assign(upload, {
    held: !upload.room,
    status: "waiting",
    percent: 0,
    id: null,
    why: "",
    paused: "",
    abort: null,
  });
  uploads.set(upload.key, upload);
  changed();
  next();
}

function listenFor(event) {
  (event === "online" ? globalThis : document).addEventListener(event, () => {
    for (const each of uploads.values()) each.paused = "";
    next();
  });
}

function next() {
  const all = [...uploads.values()];
  const free = AT_ONCE - all.filter(({ status }) => status === "uploading").length;
  const waiting = all.filter(({ status, paused, held }) => status === "waiting" && !paused && !held);
  for (const upload of waiting.slice(0, Math.max(0, free))) send(upload);
}

async function send(upload) {
  change(upload, { status: "uploading" });
  const { done, abort } = post(upload, (percent) => change(upload, { percent }));
  upload.abort = abort;
  const { id, why, isAway, isBusy, seconds = 0 } = await done;
  if (upload.abort !== abort || !uploads.has(upload.key)) return; // begun anew, or removed
  upload.abort = null;
  if (isAway || isBusy) pause(upload, isBusy ? "busy" : "away", Math.max(PAUSE, seconds * 1000));
  else change(upload, id ? { status: "there", id, percent: 100 } : { status: "failed", why });
  next();
}

function post(upload, progress) {
  if (upload.size <= LARGE) return postFile(upload, progress);
  let running = null;
  let isAborted = false;
  const abort = () => {
    isAborted = true;
    running?.abort();
  };
  const done = import("./post_large.js").then(async ({ postLarge }) => {
    if (isAborted) return { isAway: true };
    running = postLarge(upload, progress, () => keep(plain(upload)));
    let found = await running.done;
    if (found.isElsewhere) {
      callAndLeave("DELETE", upload.address); // it takes no space any more
      upload.address = null;
      running = postFile(upload, progress);
      found = await running.done;
    }
    if (found.id && upload.alt && upload.address) await call("PATCH", `/api/files/${found.id}`, { alt: upload.alt });
    return found;
  }).catch(() => ({ isAway: true }));
  return { done, abort };
}

/** Until there is a connection, or for a while. why: "away" or "busy". */
function pause(upload, why, ms) {
  change(upload, { status: "waiting", paused: why, percent: upload.address ? upload.percent : 0 });
  setTimeout(() => {
    if (upload.paused) change(upload, { paused: "" });
    next();
  }, ms * (1 + Math.random() / 2));
}

function change(upload, fields) {
  Object.assign(upload, fields);
  changed();
}

const changed = () => emit("uploads");

function plain({ key, area, room, blob, name, size, type, alt, at, taken, thumb, width, height, address }) {
  return { key, area, room, blob, name, size, type, alt, at, taken, thumb, width, height, address };
}
