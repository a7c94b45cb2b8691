// Earlier answers of a bot that was asked again, shown in the place of the present one.

import { call } from "../core/api.js";
import { emit } from "../core/bus.js";
import { showFinishedText } from "./streaming_text.js";

const chosen = new Map(); // message id → {html: of the present answer, number}

/** Which answer is shown, from 1; count: how many there are. The present one is shown again when it changes. */
export function versionOf({ id, html }, count) {
  const known = chosen.get(id);
  if (known && (known.html !== html || known.number >= count)) chosen.delete(id);
  return chosen.get(id)?.number ?? count;
}

/** step: 1 or -1. enhance: as for the text of any message. */
export async function showOtherVersion(room, message, node, step, enhance) {
  const count = (message.earlier ?? 0) + 1;
  const number = Math.min(count, Math.max(1, versionOf(message, count) + step));
  let html = message.html;
  if (number < count) {
    try {
      const { versions } = await call("GET", `/api/rooms/${encodeURIComponent(room)}/messages/${message.id}/receipt`);
      html = versions.at(number - count)?.html;
    } catch (error) {
      emit("toast", { text: error.message });
      return;
    }
    if (html === undefined) return;
    chosen.set(message.id, { html: message.html, number });
  } else chosen.delete(message.id);
  showFinishedText(node.querySelector(".text"), html, enhance);
  emit("rows-changed");
}
