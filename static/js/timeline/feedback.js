// What I think of a bot's answers: two buttons under each, and for a bad one an optional reason.

import { call } from "../core/api.js";
import { emit } from "../core/bus.js";
import { t } from "../lib/texts.js";

const opinions = new Map(); // message id → "good" | "bad"
const template = () => document.getElementById("feedback-template");
const asked = new Set(); // names of rooms

export const opinionOf = (id) => opinions.get(id) ?? null;

/** Ask once what I have said of a room's answers. */
export function loadOpinions(room) {
  if (asked.has(room)) return;
  asked.add(room);
  call("GET", `/api/rooms/${encodeURIComponent(room)}/feedback`).then(({ feedback }) => {
    for (const [id, value] of Object.entries(feedback)) opinions.set(Number(id), value);
    emit("rows-changed");
  }, () => {}); // away: they are shown when the page is loaded anew
}

/** An answer that was asked for again is another one. */
export const forgetOpinion = (id) => opinions.delete(id);

/** Say it, or take it back when it was said before. node: of the message. */
export async function toggleOpinion(room, { id }, value, node) {
  const next = opinions.get(id) === value ? "none" : value;
  node.querySelector("form.feedback")?.remove();
  if (!(await give(room, id, next))) return;
  if (next === "bad") askWhy(room, id, node);
}

async function give(room, id, value, reason = "") {
  try {
    await call("POST", `/api/rooms/${encodeURIComponent(room)}/messages/${id}/feedback`, { value, reason });
  } catch (error) {
    emit("toast", { text: error.message });
    return false;
  }
  if (value === "none") opinions.delete(id);
  else opinions.set(id, value);
  emit("rows-changed");
  return true;
}

function askWhy(room, id, node) {
  const form = template().content.firstElementChild.cloneNode(true);
  const field = form.querySelector("input");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = field.value.trim();
    if (reason && !(await give(room, id, "bad", reason))) return;
    form.remove();
    node.focus({ preventScroll: true });
    if (reason) emit("toast", { text: t("feedbackThanks") });
  });
  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the keys of the timeline are not for a field
    if (event.key !== "Escape") return;
    form.remove();
    node.focus({ preventScroll: true });
  });
  node.querySelector(".reply-row").after(form);
  field.focus({ preventScroll: true });
}
