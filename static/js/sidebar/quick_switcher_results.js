// The results of the jump box: my rooms and direct messages, all people and public rooms. Arrow keys and Enter.

import { call } from "../core/api.js";
import { matchesFor, rankOf } from "./quick_switcher_matches.js";
import { makeLookup } from "../lib/lookup.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";

/** visible(): the links at the side that are shown, in their order. */
export function startQuickSwitcherResults(side, field, visible) {
  const more = document.getElementById("jump-more");
  const status = document.getElementById("jump-status");
  const lookup = makeLookup((q, signal) => call("GET", `/api/jump?${new URLSearchParams({ q })}`, undefined, signal));
  const typed = () => field.value.trim();
  let answered = Promise.resolve();

  field.addEventListener("input", () => {
    const text = typed();
    showMatches(text);
    answered = text ? lookup.want(text).then(() => typed() === text && showMatches(text, true)) : Promise.resolve();
  });
  field.addEventListener("blur", () => setTimeout(markFirstHit));
  field.addEventListener("focus", markFirstHit);
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") whenAnswered((first) => first.focus());
    else if (event.key === "Enter" && typed()) whenAnswered((first) => first.click());
    else if (event.key === "Escape" && field.value) {
      event.stopPropagation();
      field.value = "";
      field.dispatchEvent(new InputEvent("input"));
    } else if (event.key === "Escape" && !side.classList.contains("open")) {
      document.getElementById("composer-text")?.focus();
    } else return;
    event.preventDefault();
  });
  if (typed()) field.dispatchEvent(new InputEvent("input")); // before this was loaded

  /** Whoever types and presses a key at once means what the server will find. */
  async function whenAnswered(act) {
    const text = typed();
    await answered;
    const first = bestLink();
    if (first && typed() === text) act(first);
  }

  function showMatches(text, isAnswer = false) {
    if (more.contains(document.activeElement)) return; // nothing moves under the keys
    more.replaceChildren(...matchesFor(text, peopleHere(), lookup.get(text), listedNames()).map(createItem));
    markFirstHit();
    const first = isAnswer && bestLink();
    status.textContent = first ? t("jumpFirst", { name: first.querySelector(".side-name").textContent }) : "";
  }

  /** The link that Enter follows is marked. */
  function markFirstHit() {
    side.querySelector("li.first-hit")?.classList.remove("first-hit");
    if (typed() && document.activeElement === field) bestLink()?.parentElement.classList.add("first-hit");
  }

  function bestLink() {
    const links = visible();
    const ranks = links.map((link) => rankOf(nameOf(link), typed()));
    return links[ranks.indexOf(Math.min(...ranks))];
  }
}

/** By what a link is ranked: a search, and what would be new, fit nothing. */
const nameOf = (link) => link.dataset.rank ?? link.querySelector(".side-name").textContent;

const linkBuilders = {
  direct: ({ name }) => [`/dm/${encodeURIComponent(name)}/`, t("messagePerson", { name }), name],
  room: ({ name, title }) => [`/chat/${encodeURIComponent(name)}/`, title, title],
  join: ({ name, title }) => [`/chat/${encodeURIComponent(name)}/`, t("joinRoom", { name: title }), title],
  search: ({ name }) => [`/search/?${new URLSearchParams({ q: name })}`, t("searchFor", { text: name }), ""],
  create: ({ name }) => [`/chat/?${new URLSearchParams({ title: name })}`, t("createRoom", { name }), ""],
};

/** The names of people on the page who have no direct message in the sidebar. */
function peopleHere() {
  const directs = new Set(visibleTexts("#side-direct-messages .side-name"));
  return [
    ...new Set([
      ...visibleTexts("#people-list li:not(.blocked) a[href] .name"),
      ...visibleTexts("#log > .message:not(.mine) .author"),
    ]),
  ].filter((name) => !directs.has(name));
}

/** What stands at the side and fits what is typed: names of rooms, and of people with an @. */
function listedNames() {
  const rooms = [...document.querySelectorAll("#side-rooms li[data-room]:not([hidden])")].map((each) =>
    each.dataset.room
  );
  return new Set([
    ...rooms,
    ...visibleTexts("#side-direct-messages li:not([hidden]) .side-name").map((name) => `@${name}`),
  ]);
}

const visibleTexts = (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent.trim());

function createItem(offered) {
  const [address, text, rank] = linkBuilders[offered.kind](offered);
  const anchor = Object.assign(document.createElement("a"), { href: address });
  anchor.dataset.rank = rank;
  anchor.append(Object.assign(document.createElement("span"), { className: "side-name", textContent: text }));
  const node = document.createElement("li");
  node.append(anchor);
  return node;
}
