// Why I cannot write in this room, or not yet: an announcement room, a role, a timeout, slow mode. The server decides;
// this shows it above the message field, and asks again when something may have changed.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { every, makeLater } from "../core/scope.js";
import { errorText, t } from "../lib/texts.js";
import { dayAndTime } from "../lib/times.js";

const LONGEST_TIMER = 2_000_000_000; // ms; browsers take no longer ones

export function startWriteNote(store, boot) {
  const { room } = store.state;
  const form = document.getElementById("composer");
  const field = document.getElementById("composer-text");
  const note = document.getElementById("write-note");
  const later = makeLater();
  let slowMode = boot.slowMode; // seconds
  let waitUntil = 0; // of slow mode
  let endTimer = null; // of a timeout

  if (!room.name) return;
  show(boot.refused, false);
  on("refused", (now) => {
    slowMode = now.slowMode;
    show(now.refused);
  });
  on("wire-rights", ({ room: changed }) => (changed === null || changed === room.name) && refresh());
  on("state", ({ state, before }) => {
    const said = before.pending !== state.pending && !room.moderates && slowMode &&
      before.pending.some(({ id, status }) =>
        status === "sending" && state.pending.every((each) => each.id !== id || each.status === "sent")
      );
    if (said) wait(slowMode);
  });
  every(1000, countDown);

  async function refresh() {
    try {
      const now = await call("GET", `/api/rooms/${encodeURIComponent(room.name)}`);
      emit("refused", { refused: now.refused, slowMode: now.slow_mode });
    } catch {
      // away: a message that is sent all the same is refused with its reason
    }
  }

  /** refused: an error of the API, or null. isNews: the page was made before it. */
  function show(refused, isNews = true) {
    const isWait = refused?.reason === "slow_mode";
    const isClosed = Boolean(refused) && !isWait;
    clearTimeout(endTimer);
    wait(isWait ? refused.retry_after : 0);
    if (isClosed) showClosed(refused, isNews);
    else if (isNews) open();
    if (isClosed && refused.params?.until) {
      const left = Date.parse(refused.params.until) - Date.now() + 500;
      endTimer = later(Math.min(LONGEST_TIMER, Math.max(1000, left)), refresh);
    }
  }

  function showClosed({ reason, params, ...error }, isNews) {
    if (!isNews) return; // the server has written it
    const until = params?.until && dayAndTime(params.until);
    const isArchived = reason === "room_archived";
    const text = errorText({ reason, params: { ...params, until }, ...error });
    field.readOnly = true;
    field.dataset.closed = isArchived ? field.dataset.archived : text;
    field.placeholder = isArchived ? field.dataset.archived : field.dataset.mute;
    say(isArchived ? "" : text);
    emit("room-facts");
  }

  function open() {
    const wasClosed = field.readOnly;
    field.readOnly = false;
    if (wasClosed) field.placeholder = field.dataset.open;
    if (!waitUntil) say("");
    emit("room-facts");
  }

  /** Slow mode: so many seconds from now. */
  function wait(seconds) {
    waitUntil = seconds > 0 ? Date.now() + seconds * 1000 : 0;
    if (waitUntil) countDown();
    else if ("waits" in form.dataset) endWait();
  }

  function countDown() {
    if (!waitUntil) return;
    const left = Math.ceil((waitUntil - Date.now()) / 1000);
    if (left <= 0) return endWait();
    form.dataset.waits = "";
    say(t("slowModeLeft", { time: timeLeft(left) }));
    emit("room-facts");
  }

  function endWait() {
    waitUntil = 0;
    delete form.dataset.waits;
    say("");
    emit("room-facts");
  }

  function say(text) {
    note.hidden = !text;
    if (note.textContent !== text) note.textContent = text;
  }
}

/** "0:05", "12:30", "5:59:59". */
function timeLeft(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
