// The row under an answer of a bot, which is always there: stop it; afterwards have it go on, ask again, see earlier
// answers and what it was made from, and say what one thinks of it.

import { t } from "../lib/texts.js";
import { canContinue, canRetry } from "../state/permissions.js";
import { loadOpinions, opinionOf } from "./feedback.js";
import { versionOf } from "./reply_versions.js";

const template = () => document.getElementById("reply-row-template");
const CITED = /\[#(\d{1,18})\]\(/g;
const shownByRow = new WeakMap(); // row → what it shows

/** live: whether commands can be sent. */
export function fillReplyRow(row, message, { me, room, live }) {
  const writing = message.state === "queued" || message.state === "streaming";
  const done = !writing && !message.deleted;
  const count = (message.earlier ?? 0) + 1;
  const shows = {
    stop: live && writing,
    continue: live && done && canContinue(message),
    again: live && done && canRetry(message, { me, room }),
    older: done && count > 1,
    newer: done && count > 1,
    receipt: done,
    good: live && done && message.state !== "failed",
    bad: live && done && message.state !== "failed",
    sources: done ? new Set(Array.from(message.message.matchAll(CITED), ([, id]) => id)).size : 0,
    number: versionOf(message, count),
    count,
    opinion: opinionOf(message.id),
  };
  const key = JSON.stringify(shows);
  if (shownByRow.get(row) === key) return;
  shownByRow.set(row, key);
  if (!row.firstChild) build(row);
  if (shows.good) loadOpinions(room.name);
  show(row, shows);
}

function build(row) {
  row.setAttribute("role", "toolbar");
  row.ariaLabel = t("answerActions");
  row.append(template().content.cloneNode(true));
}

function show(row, shows) {
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  for (const button of row.querySelectorAll("[data-do]")) button.hidden = !shows[button.dataset.do];
  row.querySelector(".versions").hidden = !shows.older;
  row.querySelector(".versions > span").textContent = t("versionOf", { number: shows.number, count: shows.count });
  row.querySelector("[data-do=older]").disabled = shows.number === 1;
  row.querySelector("[data-do=newer]").disabled = shows.number === shows.count;
  const receipt = row.querySelector("[data-do=receipt]");
  const name = shows.sources ? t("sources", { count: shows.sources }) : t("aboutAnswer");
  // Beside earlier answers, or "Continue", a phone has no place for all of it.
  receipt.textContent = (shows.older || shows.continue) && !shows.sources ? t("aboutShort") : name;
  receipt.ariaLabel = name;
  receipt.classList.toggle("has-sources", shows.sources > 0);
  for (const value of ["good", "bad"]) {
    row.querySelector(`[data-do=${value}]`).setAttribute("aria-pressed", shows.opinion === value);
  }
  if (!focused || (!focused.hidden && !focused.disabled)) return;
  // From the last of the answers, or the first, one goes back.
  const back = focused.closest(".versions") && shows.older && row.querySelector(".versions button:not(:disabled)");
  (back || row.closest(".message")).focus({ preventScroll: true });
}
