// Editing a message where it stands. One at a time; what is refused or cannot be sent stays in the field.

import { emit, on } from "../core/bus.js";
import { newId } from "../core/protocol.js";
import { editKept } from "../lib/local_storage.js";
import { areNamesLoaded, emojiCalled } from "../lib/named_emoji.js";
import { replaceNames } from "../lib/emoji_names.js";
import { clean } from "../lib/plain_text.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";

export function startInlineEdit(store) {
  const template = document.getElementById("edit-template");
  const { maxText } = JSON.parse(document.getElementById("boot").textContent);
  const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;
  const composer = document.getElementById("composer-text");
  const { me, room } = store.state;
  const draft = editKept(me, room);
  let current = null; // {form, field, message, back: gets the focus, sent: the id of the command}

  on("edit", ({ message }) => {
    const node = document.getElementById(`m${message.id}`);
    if (!node || current?.message.id === message.id) return current?.field.focus();
    if (composer.readOnly) return emit("toast", { text: composer.dataset.closed });
    close();
    open(node, message);
  });
  on("wire-ack", ({ id }) => current && id === current.sent && close());
  on("wire-error", ({ id }) => {
    if (current && id === current.sent) current.sent = null;
  });
  on("state", ({ state }) => {
    const message = current && state.messages.get(current.message.id);
    if (current && (!message || message.deleted)) close();
  });

  restore();

  /** What was being changed when the room was left. */
  function restore() {
    const { id, text } = draft.get() ?? {};
    const message = store.state.messages.get(id);
    const node = message && document.getElementById(`m${id}`);
    if (node && !message.deleted && message.sender.id === me.id && typeof text === "string") open(node, message, text);
  }

  /** text: what was restored, which does not take the focus. */
  function open(node, message, text = null) {
    const form = template.content.firstElementChild.cloneNode(true);
    const field = form.querySelector("textarea");
    current = { form, field, message, back: placeAfter(node), sent: null };
    field.value = text ?? message.message;
    if (touch) field.enterKeyHint = "enter";
    node.classList.add("editing");
    node.querySelector(".text").after(form);
    node.querySelector(".actions")?.remove();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    form.querySelector("[data-cancel]").addEventListener("click", close);
    field.addEventListener("input", () => {
      field.dataset.typed = ""; // for what is loaded later
      draft.set({ id: message.id, text: field.value });
      checkLength();
    });
    emit("write-in", { field, menu: form.querySelector(".menu") }); // before the keys below: Enter may complete a name
    field.addEventListener("keydown", pressed);
    if (text !== null) return;
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    form.scrollIntoView({ block: "nearest" });
  }

  function pressed(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation(); // arrows move in the text
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && !touch) {
      event.preventDefault();
      save();
    }
  }

  function save() {
    const { field, message } = current;
    const written = clean(field.value).trimEnd();
    const text = areNamesLoaded() ? replaceNames(written, emojiCalled) : written;
    if (current.sent || !text.trim() || excess(field.value) > 0) return;
    if (text === message.message) return close();
    if (store.state.connection.phase !== "live") return emit("toast", { key: "notConnected" });
    current.sent = newId();
    emit("command", { type: "edit", id: current.sent, fields: { message_id: message.id, message: text } });
  }

  function close() {
    if (!current) return;
    const { form, back } = current;
    const node = form.closest(".message");
    const hadFocus = form.contains(document.activeElement);
    current = null;
    draft.set(null);
    form.remove();
    node?.classList.remove("editing");
    if (hadFocus) (back.isConnected ? back : composer).focus({ preventScroll: true });
  }

  /** Who edits by pointer goes on in the message field; by key, or with a screen's keyboard in the way, at the message. */
  function placeAfter(node) {
    const opener = document.activeElement;
    return touch || (opener !== composer && opener.matches(":focus-visible")) ? node : composer;
  }

  function checkLength() {
    const count = excess(current.field.value);
    current.form.querySelector(".error").textContent = count > 0 ? t("tooLong", { count }) : "";
    current.field.setAttribute("aria-invalid", count > 0);
  }

  /** By how many characters a text is too long, as the server counts them. */
  function excess(text) {
    return text.length <= maxText ? 0 : Array.from(clean(text)).length - maxText;
  }
}
