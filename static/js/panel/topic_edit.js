// Edits the topic in the room's header: Enter saves, Escape cancels.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";

const MAX_LENGTH = 200;

export function startTopicEdit(store) {
  const topic = document.querySelector(".room-head .topic");
  const field = Object.assign(document.createElement("input"), {
    type: "text",
    className: "topic-field",
    maxLength: MAX_LENGTH,
    enterKeyHint: "done",
  });
  field.setAttribute("aria-label", t("topic"));

  let isOpen = false;

  on("edit-topic", open);
  field.addEventListener("keydown", pressed);
  field.addEventListener("blur", () => field.value.trim() === topic.textContent && close());

  function open() {
    if (isOpen) return field.focus();
    isOpen = true;
    field.value = topic.textContent;
    topic.hidden = true;
    topic.after(field);
    field.focus();
    field.select();
  }

  function close(focus = false) {
    if (!isOpen) return;
    isOpen = false; // before it loses the focus, which comes here again
    topic.hidden = false;
    field.remove();
    if (focus) topic.focus();
  }

  function pressed(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation(); // not for the page
    if (isComposing(event)) return;
    if (event.key === "Escape") close(true);
    if (event.key === "Enter") save();
  }

  async function save() {
    if (field.readOnly) return;
    field.readOnly = true;
    try {
      const address = `/api/rooms/${encodeURIComponent(store.state.room.name)}`;
      topic.textContent = (await call("PATCH", address, { topic: field.value })).topic;
      close(true);
    } catch (error) {
      emit("toast", { text: error.message });
    } finally {
      field.readOnly = false;
    }
  }
}
