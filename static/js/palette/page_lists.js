// What the page knows without asking: the rooms at the side, and the pages that its menus lead to.

import { recentRooms } from "./recent_rooms.js";

/** The rooms and direct messages at the side, the last visited first; the one that is open is last. */
export function listedRooms(person) {
  const entries = new Map();
  for (const item of document.querySelectorAll("#side li[data-room]")) {
    if (!entries.has(item.dataset.room)) entries.set(item.dataset.room, entryOf(item));
  }
  const recent = recentRooms(person);
  const place = ({ name, isOpen }) => (isOpen ? Infinity : (recent.indexOf(name) + 1 || recent.length + 1));
  return [...entries.values()].sort((a, b) => place(a) - place(b) || 0);
}

/** The pages of the site [{id, title, address}], by the names that they have at the side. */
export function listedPages() {
  const links = document.querySelectorAll("#side-inbox a, #server-menu a, #my-menu a, .side-section > a");
  const pages = new Map();
  for (const link of links) {
    const title = link.querySelector(".side-name")?.textContent ?? link.ariaLabel ?? link.textContent;
    const address = link.getAttribute("href");
    if (!pages.has(address)) pages.set(address, { id: address, title: title.trim(), address });
  }
  return [...pages.values()];
}

function entryOf(item) {
  const link = item.querySelector("a");
  const avatar = item.querySelector(".avatar");
  const isPrivate = item.querySelector("use")?.getAttribute("href").endsWith("#lock");
  return {
    kind: link.pathname.startsWith("/dm/") ? "direct" : isPrivate ? "private" : "room",
    name: item.dataset.room,
    title: item.querySelector(".side-name").textContent.trim(),
    handle: item.querySelector(".side-name").dataset.name, // of direct messages
    address: link.getAttribute("href"),
    avatar,
    picture: item.querySelector(".room-picture:not([hidden])"),
    isBot: Boolean(avatar?.classList.contains("bot")),
    unread: item.querySelector(".badge")?.textContent ?? "",
    isOpen: link.hasAttribute("aria-current"),
  };
}
