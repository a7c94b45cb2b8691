// Keeps the sidebar's lists right: asks the server again after an absence, and when a room is new to the page.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { fillAvatar } from "../lib/avatars.js";
import { t } from "../lib/texts.js";

const REFRESH_INTERVAL = 60_000;
const ARRIVAL_MS = 5000; // ms in which somebody who has just begun a conversation is connected

export function startSidebarRooms(here = null, live = false) {
  const template = document.getElementById("side-item-template");
  let welcomes = 0;
  let busy = false;
  let soon = 0;
  let again = false; // what is on its way may be older than what was heard since

  // The first time only for the status of people in direct messages, which the page does not contain.
  on("wire-welcome", () => ((welcomes += 1) > 1 || document.querySelector("#side-talks li[data-room]")) && refresh());
  on("wire-unread", ({ room, unread, mention, title }) => {
    if (room === here) return; // what is read elsewhere of this room is for its state
    const item = itemOf(room);
    if (!item) return refresh();
    if (title && showTitle(room, title)) again = busy;
    emit("unread", { room, unread, mention });
    if (unread && item.querySelector(".avatar:not(.here)")) refreshSoon(); // whoever writes has probably come
  });
  on("wire-blocks", refresh);
  on("rooms-stale", refresh);
  on("state", ({ state, before }) => {
    if (state.room.with) return;
    if (state.onlineCount !== before.onlineCount) showHere(state.room.name, state.onlineCount);
    if (state.room.title !== before.room.title) showTitle(state.room.name, state.room.title);
  });
  document.addEventListener("visibilitychange", () => !document.hidden && !live && refresh());
  setInterval(() => !document.hidden && refresh(), REFRESH_INTERVAL);

  async function refresh() {
    if (busy) return (again = true);
    busy = true;
    again = false;
    try {
      const { rooms, blocked = [], invitations = [] } = await call("GET", "/api/rooms");
      emit("blocks-read", { blocked });
      emit("invitations-read", { invitations });
      const listed = new Set(rooms.map(({ name }) => name));
      for (const item of document.querySelectorAll("#side li[data-room]")) {
        if (!listed.has(item.dataset.room) && item.dataset.room !== here) item.remove();
      }
      for (const room of rooms) {
        if (!itemOf(room.name)) add(room);
        if (room.name !== here && !room.with) showTitle(room.name, room.title);
        if (room.name !== here) emit("unread", { room: room.name, unread: room.unread, mention: room.mention });
        if (room.name !== here && !room.with) showHere(room.name, room.online);
        if (room.with) showStatus(itemOf(room.name), room.here === true);
      }
    } catch {
      // away: the next time is soon enough
    } finally {
      busy = false;
      if (again) refresh();
    }
  }

  function refreshSoon() {
    soon ||= setTimeout(() => {
      soon = 0;
      refresh();
    }, ARRIVAL_MS);
  }

  function add(room) {
    show(room);
    if (room.with && !room.here) refreshSoon();
    emit("room-added", room);
  }

  function show({ name, title, kind, with: other, muted }) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.room = name;
    item.dataset.title = title;
    item.classList.toggle("is-muted", muted);
    const link = item.querySelector("a");
    link.href = other ? `/dm/${encodeURIComponent(other.name)}/` : `/chat/${name}/`;
    item.querySelector(".side-name").textContent = title;
    const avatar = item.querySelector(".avatar");
    const icons = [...item.querySelectorAll("svg")];
    if (other) fillAvatar(avatar, other);
    else avatar.remove();
    for (const icon of icons) if (icon.dataset.kind !== (other ? "" : kind)) icon.remove();
    const list = document.getElementById(other ? "side-talks" : "side-rooms");
    list.querySelector(".side-none")?.remove();
    list.prepend(item);
  }

  /** Show whether the other person of a direct message is on this server. */
  function showStatus(item, isHere) {
    item.querySelector(".avatar").classList.toggle("here", isHere);
    item.querySelector("a").title = isHere ? t("status_here") : "";
  }

  /** What a room is called, wherever it is listed. Whether it was called otherwise: it has been renamed. */
  function showTitle(room, title) {
    const places = document.querySelectorAll(`li[data-room="${CSS.escape(room)}"] :is(.side-name, .card-name)`);
    const old = [...places].filter((place) => place.textContent !== title);
    for (const place of old) {
      const item = place.closest("li");
      if (item.dataset.title) item.dataset.title = title;
      place.textContent = title;
    }
    return old.length > 0;
  }

  /** How many people are in a room, wherever it is listed. */
  function showHere(room, count) {
    for (const place of document.querySelectorAll(`li[data-room="${CSS.escape(room)}"] .people-here`)) {
      place.hidden = !count;
      place.firstElementChild.textContent = count ?? "";
    }
  }

  const itemOf = (room) => document.querySelector(`#side li[data-room="${CSS.escape(room)}"]`);
}
