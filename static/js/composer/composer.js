// The composer: Enter sends, Shift+Enter breaks the line, the draft survives a reload; replying.

import { emit, on } from "../core/bus.js";
import { listen, makeLater, whenLeft } from "../core/scope.js";
import { onKey, onTyped } from "../core/keys.js";
import { makeDraft } from "./drafts.js";
import { makeReplyBar } from "./reply_bar.js";
import { clean } from "../lib/plain_text.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";
import { hasNames, replaceNames } from "../lib/emoji_names.js";
import { areNamesLoaded, emojiCalled, loadEmojiNames } from "../lib/named_emoji.js";
import { lastOwnMessage, lastUnfinishedAnswer } from "../state/own_messages.js";
import { grow, insertText } from "../lib/text_field.js";

const WARN_BELOW = 500; // characters
const CALLS = /[@＠](?:here|room|everyone|all|channel)(?!\w)/i; // as rooms/services/calls.py has them
const NAMES_TIMEOUT = 3000; // ms that a message waits for the names of emoji

export function startComposer(store) {
  const form = document.getElementById("composer");
  const field = document.getElementById("composer-text");
  const replyBar = document.getElementById("composer-about");
  const emoji = document.getElementById("composer-emoji");
  const problem = document.getElementById("composer-problem");
  const left = document.getElementById("composer-left");
  const { me, room } = store.state;
  const draft = makeDraft(
    `${me.id}:${room.with ? `@${room.with.id}` : room.name}`,
    (text) => !reply.id() && !field.value && fill(text),
  );
  const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;
  const { maxText } = JSON.parse(document.getElementById("boot").textContent);
  const later = makeLater();
  let waiting = null; // for the names of emoji
  const reply = makeReplyBar(replyBar);

  if (touch) field.enterKeyHint = "enter"; // there it breaks the line
  fill(draft.open(field.value));
  if (!touch && !location.hash && document.activeElement === document.body) field.focus({ preventScroll: true });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  on("state", ({ state, before }) => { // an empty room hints at more
    if (state.ids.length && !before.ids.length && !field.readOnly) field.placeholder = field.dataset.open;
  });
  field.addEventListener("input", () => {
    field.dataset.typed = ""; // for what is loaded later
    draft.set(field.value);
    update();
  });
  field.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && reply.id()) {
      event.preventDefault();
      endReply();
    } else if (event.key === "Escape" && !field.value) {
      if (stopAnswer()) event.preventDefault();
    } else if (event.key === "ArrowUp" && !field.value && !field.readOnly) {
      const last = lastOwnMessage(store.state);
      if (!last) return;
      event.preventDefault();
      emit("edit", { message: last });
    }
  });
  replyBar.querySelector("button").addEventListener("click", endReply);
  emoji.addEventListener("click", () => emit("pick-emoji", { at: emoji, then: insert }));
  on("reply-to", ({ message }) => ifOpen(() => replyTo(message)));
  on("say-soon", (message) => ifOpen(() => say(message))); // what is in the field stays there
  on("room-facts", update);
  on("tray", update);
  on("submit-as-it-is", () => submit(true));
  listen(globalThis, "pagehide", draft.release);
  whenLeft(draft.release);
  on("signed-in", () => draft.set(draft.get()));
  listen(globalThis, "pageshow", ({ persisted }) => {
    const text = persisted ? draft.retake() : "";
    if (persisted) fill(text);
  });
  listen(document, "click", (event) => {
    const offered = event.target.closest("[data-say]"); // an empty room offers things to say; some are links
    if (!offered || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    insert(offered.dataset.say);
  });

  onKey("stop", stopAnswer);
  onTyped(() => field.focus({ preventScroll: true }));

  const ifOpen = (then) => field.readOnly ? emit("toast", { text: field.dataset.closed }) : then();

  function say(message) {
    if (!store.state.atNewest) emit("load-newest");
    emit("say", message);
    emit("jump-newest");
  }

  /** The bot's answer to my question. Whether there was one to stop. */
  function stopAnswer() {
    const answer = lastUnfinishedAnswer(store.state);
    if (answer) emit("command", { type: "stop", fields: { message_id: answer.id } });
    return Boolean(answer);
  }

  /**
   * asItIs: though it looks like a command. hasWaited: for the names of emoji, which may still be missing. isAgreed:
   * that it calls many people.
   */
  function submit(asItIs = false, hasWaited = false, isAgreed = false) {
    const text = clean(field.value).trimEnd();
    if ((!text.trim() && !hasFiles()) || excessLength(text) > 0 || cannotSend()) return field.focus();
    if (hasNames(text) && !areNamesLoaded() && !hasWaited) return waitForNames(asItIs);
    if (CALLS.test(text) && !isAgreed) return agree(text, asItIs);
    const handled = { done: false, kept: false, text: replaceNames(text, emojiCalled) };
    if (!asItIs) emit("before-say", handled); // a /command may take it
    if (handled.kept) return;
    if (!handled.done) {
      const taken = {}; // what is attached
      emit("take-files", taken);
      say({ message: handled.text, replyTo: reply.id(), ...taken });
    }
    field.value = "";
    endReply();
    emit("drafts-changed");
  }

  /** It calls a whole room: the person is asked where that is many people. What is written stays until then. */
  async function agree(text, asItIs) {
    const { mayCall } = await import("./large_calls.js");
    if (await mayCall(store.state.room, text) && field.isConnected) submit(asItIs, true, true);
  }

  /** `:tada:` was written faster than the names were loaded. What is written stays in the field until then. */
  function waitForNames(asItIs) {
    waiting ??= Promise.race([loadEmojiNames(), new Promise((done) => later(NAMES_TIMEOUT, done))]).then(() => {
      waiting = null;
      if (field.isConnected) submit(asItIs, true);
    });
  }

  on("state", ({ state, before }) => {
    if (state.connection.phase !== before.connection.phase) update();
    if (state.messages !== before.messages) reply.update(state.messages);
  });
  function replyTo(message) {
    reply.show(message);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    update();
  }

  function endReply() {
    reply.hide();
    draft.set(field.value);
    field.focus();
    update();
  }

  function fill(text) {
    field.value = text;
    update();
  }

  function insert(text) {
    if (!field.readOnly) insertText(field, text);
  }

  function update() {
    const excess = excessLength(field.value);
    // An empty field shows by its placeholder that nobody can write here.
    const closed = field.readOnly && field.value ? field.dataset.closed : "";
    left.textContent = excess <= 0 && excess > -WARN_BELOW ? t("charactersLeft", { count: -excess }) : "";
    problem.textContent = closed || (excess > 0 ? t("tooLong", { count: excess }) : "");
    field.setAttribute("aria-invalid", excess > 0);
    form.querySelector("[type=submit]").disabled = (!field.value.trim() && !hasFiles()) || excess > 0 || cannotSend();
    emoji.disabled = field.readOnly;
    grow(field);
  }

  function hasFiles() {
    return "files" in form.dataset; // files/tray.js
  }

  /** Nothing that is written would go out now: write_note.js says why. */
  function cannotSend() {
    return field.readOnly || "waits" in form.dataset || ["removed", "missing"].includes(store.state.connection.phase);
  }

  /** By how many characters a text is too long, as the server counts them; below 0: how many more it may have. */
  function excessLength(text) {
    return text.length < maxText - WARN_BELOW ? -WARN_BELOW : Array.from(clean(text)).length - maxText;
  }
}
