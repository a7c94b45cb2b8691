// Where one writes: Enter sends, Shift+Enter breaks the line, the draft survives a reload; replying and editing.

import { emit, on } from "../core/bus.js";
import { listen, whenLeft } from "../core/scope.js";
import { onKey } from "../core/keys.js";
import { makeDraft } from "./drafts.js";
import { clean } from "../lib/plain_text.js";
import { newId } from "../core/protocol.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";
import { excerptOf } from "../lib/message_text.js";
import { shownName } from "../lib/people.js";
import { lastOwnMessage, lastUnfinishedAnswer } from "../state/own_messages.js";
import { grow, insertText } from "../lib/text_field.js";

const WARN_BELOW = 500; // characters

export function startComposer(store) {
  const form = document.getElementById("composer");
  const field = document.getElementById("composer-text");
  const modeBar = document.getElementById("composer-about");
  const emoji = document.getElementById("composer-emoji");
  const problem = document.getElementById("composer-problem");
  const left = document.getElementById("composer-left");
  const { me, room } = store.state;
  const draft = makeDraft(
    `${me.id}:${room.with ? `@${room.with.id}` : room.name}`,
    (text) => !mode && !field.value && fill(text),
  );
  const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;
  const { maxText } = JSON.parse(document.getElementById("boot").textContent);
  let mode = null; // {kind: "reply" | "edit", message}
  let edited = null; // {id, message, text}: the last edit that went out

  if (touch) field.enterKeyHint = "enter"; // there it breaks the line
  fill(draft.open(field.value));
  if (!touch && !location.hash && document.activeElement === document.body) field.focus({ preventScroll: true });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    if (mode?.kind !== "edit") draft.set(field.value);
    update();
  });
  field.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && mode) {
      event.preventDefault();
      clearMode();
    } else if (event.key === "Escape" && !field.value) {
      if (stopAnswer()) event.preventDefault();
    } else if (event.key === "ArrowUp" && !field.value && !field.readOnly) {
      const last = lastOwnMessage(store.state);
      if (!last) return;
      event.preventDefault();
      setMode("edit", last);
    }
  });
  modeBar.querySelector("button").addEventListener("click", clearMode);
  emoji.addEventListener("click", () => emit("pick-emoji", { at: emoji, then: insert }));
  on("reply-to", ({ message }) => tryMode("reply", message));
  on("edit", ({ message }) => tryMode("edit", message));
  on("room-facts", update);
  on("submit-as-it-is", () => submit(true));
  listen(globalThis, "pagehide", draft.release);
  whenLeft(draft.release);
  listen(globalThis, "pageshow", ({ persisted }) => {
    const text = persisted ? draft.retake() : "";
    if (persisted && mode?.kind !== "edit") fill(text);
  });
  listen(document, "click", (event) => {
    const offered = event.target.closest("[data-say]"); // an empty room offers things to say; some are links
    if (!offered || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    insert(offered.dataset.say);
  });

  onKey("stop", stopAnswer);

  /** The bot's answer to my question. Whether there was one to stop. */
  function stopAnswer() {
    const answer = lastUnfinishedAnswer(store.state);
    if (answer) emit("command", { type: "stop", fields: { message_id: answer.id } });
    return Boolean(answer);
  }

  /** asItIs: though it looks like a command. */
  function submit(asItIs = false) {
    const text = clean(field.value).trimEnd();
    if (!text.trim() || excessLength(text) > 0 || cannotSend()) return field.focus();
    if (mode?.kind === "edit") return text === mode.message.message ? clearMode() : sendEdit(mode.message, text);
    const handled = { done: false, kept: false, text };
    if (!asItIs) emit("before-say", handled); // a /command may take it
    if (handled.kept) return;
    if (!handled.done) {
      if (!store.state.atNewest) emit("load-newest");
      emit("say", { message: handled.text, replyTo: mode?.message.id ?? null });
      emit("jump-newest");
    }
    field.value = "";
    clearMode();
  }

  /** Send an edit. Away, it stays in the field; one that is refused comes back into it. */
  function sendEdit(message, text) {
    if (store.state.connection.phase !== "live") return emit("toast", { key: "notConnected" });
    edited = { id: newId(), message, text };
    emit("command", { type: "edit", id: edited.id, fields: { message_id: message.id, message: text } });
    clearMode();
  }

  on("state", ({ state, before }) => {
    if (state.connection.phase !== before.connection.phase) update();
    if (mode?.kind === "reply" && state.messages !== before.messages) updateQuote(state.messages.get(mode.message.id));
  });
  on("wire-error", ({ id }) => {
    if (!edited || id !== edited.id || mode) return;
    setMode("edit", edited.message);
    field.value = edited.text;
    update();
  });

  function tryMode(kind, message) {
    if (field.readOnly) emit("toast", { text: field.dataset.closed });
    else setMode(kind, message);
  }

  function setMode(kind, message) {
    if (mode?.kind === "edit" && kind === "reply") field.value = draft.get(); // what was edited is no reply
    mode = { kind, message };
    modeBar.hidden = false;
    modeBar.querySelector("span").textContent = kind === "edit"
      ? t("editing")
      : t("replyingTo", { name: shownName(message.sender) });
    modeBar.querySelector("q").textContent = kind === "edit" ? "" : excerptOf(message, 100);
    if (kind === "edit") field.value = message.message;
    form.dataset.mode = kind;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    update();
  }

  /** What is replied to was edited or deleted meanwhile. */
  function updateQuote(message) {
    if (!message || message === mode.message) return;
    mode = { kind: "reply", message };
    modeBar.querySelector("q").textContent = excerptOf(message, 100) || t("deleted");
  }

  function clearMode() {
    const wasEdit = mode?.kind === "edit";
    mode = null;
    modeBar.hidden = true;
    delete form.dataset.mode;
    if (wasEdit) field.value = draft.get();
    else draft.set(field.value);
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
    // An empty field shows by its placeholder that the room is archived.
    const archived = field.readOnly && field.value ? field.dataset.closed : "";
    left.textContent = excess <= 0 && excess > -WARN_BELOW ? t("charactersLeft", { count: -excess }) : "";
    problem.textContent = archived || (excess > 0 ? t("tooLong", { count: excess }) : "");
    field.setAttribute("aria-invalid", excess > 0);
    form.querySelector("[type=submit]").disabled = !field.value.trim() || excess > 0 || cannotSend();
    emoji.disabled = field.readOnly;
    grow(field);
  }

  /** Nothing that is written would ever go out. */
  function cannotSend() {
    return field.readOnly || ["removed", "missing"].includes(store.state.connection.phase);
  }

  /** By how many characters a text is too long, as the server counts them; below 0: how many more it may have. */
  function excessLength(text) {
    return text.length < maxText - WARN_BELOW ? -WARN_BELOW : Array.from(clean(text)).length - maxText;
  }
}
