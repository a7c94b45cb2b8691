// A room that I have not joined, or direct messages that have not begun: polls for news, without entering it. The first
// message joins or begins them and reloads the page, which then connects.

import { call } from "../core/api.js";
import { ask, emit, on } from "../core/bus.js";
import { every, listen } from "../core/scope.js";
import { newId } from "../core/protocol.js";

const POLL_INTERVAL = 15_000; // milliseconds
const SILENT_COMMANDS = new Set(["typing", "read"]); // nobody misses them

export function startVisiting(store) {
  const { room } = store.state;
  const field = document.getElementById("composer-text");
  let seen = store.state.seq;
  let busy = false;
  let gone = false;

  store.dispatch({ type: "local.connection", connection: { phase: "visiting" } });
  on("say", say);
  on("command", ({ type }) => SILENT_COMMANDS.has(type) || emit("toast", { key: "joinFirst" }));
  if (room.name) {
    listen(document, "visibilitychange", () => document.hidden || poll());
  } else {
    // The other person has sent the first message.
    on("room-added", ({ with: other }) => other?.id === room.with.id && location.reload());
  }
  const pollAgain = room.name ? poll : () => emit("rooms-stale");
  pollAgain();
  every(POLL_INTERVAL, () => document.hidden || pollAgain());

  /** The server ignores a repeated id, so trying again posts nothing twice. */
  async function say({ message, replyTo, files = [] }) {
    if (busy) {
      await null; // the field is emptied first
      if (files.length) (await ask("files-module", { name: "uploads" })).giveBack(files);
      return putBack(message); // a draft, which is there again when the page has come anew
    }
    busy = true;
    const id = newId();
    const held = files.length ? { files } : {};
    store.dispatch({ type: "local.say", id, message, reply_to: replyTo, created: new Date().toISOString(), ...held });
    try {
      if (files.length) {
        const { sendForm } = await ask("files-module", { name: "sendForm" });
        await sendForm({ id, message, replyTo, files }, (percent) => {
          store.dispatch({ type: "local.uploading", id, percent });
        });
        return location.assign(location.pathname);
      }
      const name = room.name || (await call("POST", "/api/direct", { username: room.with.name })).name;
      await call(
        "POST",
        `/api/rooms/${encodeURIComponent(name)}/messages`,
        replyTo ? { id, message, reply_to: replyTo } : { id, message },
      );
      // Who has written knows how: the page that comes says no more how to begin.
      await call("PATCH", "/api/me/preferences", { welcome: false }).catch(() => {});
      location.assign(location.pathname);
    } catch (error) {
      busy = false;
      store.dispatch({ type: "local.discard", id });
      putBack(message);
      emit("toast", { text: error.message });
    }
  }

  function putBack(message) {
    if (!field.value) field.value = message;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  async function poll() {
    if (gone) return;
    const address = `/api/rooms/${encodeURIComponent(room.name)}`;
    try {
      const [{ seq, title }, online] = await Promise.all([call("GET", address), call("GET", `${address}/online`)]);
      store.dispatch({ ...online, type: "online" }, { type: "local.renamed", title });
      if (seq === seen) return;
      const page = await call("GET", `${address}/messages`);
      const isGap = page.more && page.messages[0].id > store.state.newestId;
      store.dispatch(...(isGap ? [{ ...page, type: "local.page", where: "newest" }] : page.messages));
      seen = page.seq;
    } catch (error) {
      // away: the next time is soon enough
      if (error.code !== "not_found") return;
      gone = true;
      store.dispatch({ type: "local.connection", connection: { phase: "missing" } });
    }
  }
}
