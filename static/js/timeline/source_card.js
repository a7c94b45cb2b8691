// What a citation leads to: who said it, when, and how it begins.

import { call } from "../core/api.js";
import { on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { excerptOf } from "../lib/message_text.js";
import { shownName } from "../lib/people.js";
import { t } from "../lib/texts.js";
import { shortTime } from "../lib/times.js";

const LENGTH = 240; // characters
const DELAY = 150; // ms that a pointer rests there first

export function startSourceCard(store) {
  const card = document.getElementById("source-card");
  const known = new Map(); // id of an answer → its sources, or the promise of them
  const room = store.state.room.name;
  let shown = null; // the link
  let timer = null;

  document.getElementById("main").append(card); // it explains a part of it

  on("show-source", ({ link }) => {
    if (shown === link) return;
    hide();
    shown = link;
    timer = setTimeout(() => show(link), DELAY);
  });
  for (const name of ["pointerout", "focusout"]) {
    listen(document, name, ({ target }) => target.closest?.("a.cite") && hide());
  }
  listen(document, "keydown", ({ key }) => key === "Escape" && hide(), { capture: true });
  listen(document, "scroll", hide, { capture: true, passive: true });

  async function show(link) {
    const source = await findSource(Number(link.textContent.slice(1)), link.closest(".message")?.dataset.id);
    if (!source || shown !== link || !link.isConnected) return;
    card.querySelector("b").textContent = source.author;
    card.querySelector("time").textContent = shortTime(source.created);
    card.querySelector("p").textContent = source.excerpt;
    card.showPopover();
    link.setAttribute("aria-describedby", card.id);
    const anchor = link.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const isAbove = anchor.top - height - 6 > 8;
    card.style.top = `${isAbove ? anchor.top - height - 6 : anchor.bottom + 6}px`;
    card.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    if (card.matches(":popover-open")) card.hidePopover();
  }

  /** From the page where it is there, else from what the server says of the answer. */
  async function findSource(id, answer) {
    const message = store.state.messages.get(id);
    if (message) {
      return withWords(message.sender.id, {
        author: shownName(message.sender),
        created: message.created,
        excerpt: excerptOf(message, LENGTH) || t("deleted"),
      });
    }
    if (!known.has(answer)) {
      const path = `/api/rooms/${encodeURIComponent(room)}/messages/${answer}/receipt`;
      known.set(answer, call("GET", path).then(({ sources }) => sources, () => known.delete(answer) && []));
    }
    const found = (await known.get(answer)).find((source) => source.id === id);
    return found &&
      withWords(found.sender_id, { author: found.sender, created: found.created, excerpt: found.excerpt });
  }

  function withWords(senderId, source) {
    return store.state.blocked.has(senderId) ? { ...source, excerpt: t("foldedQuote") } : source;
  }
}
