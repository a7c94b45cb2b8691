// A card at a name: who somebody is, or one's own status. The server renders it; see lib/card_links.js for what opens it.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { statusLine } from "../lib/status_line.js";
import { t } from "../lib/texts.js";
import { setHtml } from "../lib/trusted_html.js";

const MARGIN = 8; // px to the edges of the window

export function startCard() {
  const card = Object.assign(document.createElement("div"), { id: "card", className: "card-popover", tabIndex: -1 });
  card.popover = "auto"; // Escape and a click elsewhere close it
  card.role = "dialog";
  document.body.append(card);
  let opener = null;
  let asked = 0;

  on("show-card", async ({ node, address }) => {
    const mine = asked += 1;
    try {
      const url = new URL(address);
      url.searchParams.set("card", "1");
      const answer = await fetch(url, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error();
      const html = await answer.text();
      if (mine === asked) show(node, html);
    } catch {
      emit("toast", { text: t("requestFailed") });
    }
  });
  card.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && [card, document.body, null].includes(document.activeElement)) opener?.focus();
  });
  card.addEventListener("click", ({ target }) => {
    const mention = target.closest("[data-mention]");
    if (mention) insertMention(mention.dataset.mention);
    const block = target.closest("[data-block-person]");
    if (block) {
      card.hidePopover();
      emit("toggle-block", { person: { id: Number(block.dataset.blockPerson), name: block.dataset.name } });
    }
    if (target.closest("a")) card.hidePopover();
  });
  card.addEventListener("submit", (event) => {
    event.preventDefault();
    save(event.target, event.submitter);
  });

  function show(node, html) {
    if (card.matches(":popover-open")) card.hidePopover();
    // In a menu, which closes now: the button that opens it.
    const menu = node.closest("[popover]:not(#card)");
    opener = menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : node;
    setHtml(card, html);
    const field = document.getElementById("composer-text");
    for (const button of card.querySelectorAll("[data-mention]")) button.hidden = !field;
    for (const button of card.querySelectorAll("[data-block-person]")) {
      button.hidden = !document.getElementById("block");
    }
    card.ariaLabel = card.querySelector("h1, h2")?.textContent.trim() ?? node.textContent.trim();
    card.showPopover();
    place(opener.getBoundingClientRect());
    card.focus();
  }

  /** Under the name, or above it where there is more room. */
  function place(at) {
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = at.bottom + 4;
    const top = below + height + MARGIN <= innerHeight ? below : Math.max(MARGIN, at.top - height - 4);
    card.style.left = `${Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN))}px`;
    card.style.top = `${Math.min(top, Math.max(MARGIN, innerHeight - height - MARGIN))}px`;
  }

  function insertMention(name) {
    const field = document.getElementById("composer-text");
    card.hidePopover();
    field.focus();
    const { selectionStart: at, value } = field;
    const before = at && !/\s$/u.test(value.slice(0, at)) ? " " : "";
    field.setRangeText(`${before}@${name} `, at, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  /** The form of one's status. */
  async function save(form, submitter) {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
      if (answer.status === 400) throw new Error(t("checkFields"));
      if (!answer.ok) throw new Error(t("requestFailed"));
      card.hidePopover();
      document.getElementById("my-status").textContent = statusLine(await call("GET", "/api/me"));
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}
