// What the page knows of rooms without asking: those at the side.

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
    isBot: Boolean(avatar?.classList.contains("bot")),
    unread: item.querySelector(".badge")?.textContent ?? "",
    isOpen: link.hasAttribute("aria-current"),
  };
}
