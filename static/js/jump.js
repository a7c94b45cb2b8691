// The jump box: Ctrl/⌘-K, type, arrow keys, Enter. Finds my rooms and talks, and opens what is not among them.

import { offersFor } from "./jump_offers.js";
import { t } from "./texts.js";
import { composes } from "./typed_word.js";

export function startJump() {
  const side = document.getElementById("side");
  const field = document.getElementById("side-filter");
  const more = document.getElementById("jump-more");

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!side.contains(document.activeElement)) document.getElementById("open-side")?.offsetParent && document.getElementById("open-side").click();
    field.focus();
    field.select();
  });
  field.addEventListener("input", offer);
  field.addEventListener("keydown", (event) => {
    if (composes(event)) return;
    const links = visible();
    if (event.key === "ArrowDown") links[0]?.focus();
    else if (event.key === "Enter" && field.value.trim()) links[0]?.click();
    else if (event.key === "Escape" && field.value) {
      event.stopPropagation();
      field.value = "";
      field.dispatchEvent(new InputEvent("input"));
    } else if (event.key === "Escape" && !side.classList.contains("open")) document.getElementById("composer-text")?.focus();
    else return;
    event.preventDefault();
  });
  side.querySelector(".side-lists").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = visible();
    const next = links[links.indexOf(document.activeElement) + step];
    event.preventDefault();
    (next ?? (step < 0 ? field : links[0]))?.focus();
  });

  function offer() {
    more.replaceChildren(...offersFor(field.value.trim(), peopleHere()).map(({ kind, name }) => link(...ways[kind](name))));
  }

  const visible = () => [...side.querySelectorAll(".side-lists ul:not([hidden]) > li:not([hidden]) > a")];
}

const ways = {
  talk: (name) => [`/dm/${encodeURIComponent(name)}/`, t("talkTo", { name })],
  room: (name) => [`/chat/${encodeURIComponent(name)}/`, t("openRoom", { name })],
  search: (text) => [`/search/?q=${encodeURIComponent(text)}`, t("searchFor", { text })],
};

/** The names of people that the page shows, whoever has no talk at the side yet. */
function peopleHere() {
  const shown = (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent.trim());
  const talks = new Set(shown("#side-talks .side-name"));
  return [...new Set([...shown("#people-list li:not(.blocked) a[href] .name"), ...shown("#log > .message:not(.mine) .author")])].filter((name) => !talks.has(name));
}

function link(address, text) {
  const item = document.createElement("li");
  const anchor = Object.assign(document.createElement("a"), { href: address });
  anchor.append(Object.assign(document.createElement("span"), { className: "side-name", textContent: text }));
  item.append(anchor);
  return item;
}
