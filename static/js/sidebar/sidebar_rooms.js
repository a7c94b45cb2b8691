// Keeps the sidebar's lists right: asks the server again after an absence, when a room is new to the page, and when
// somebody whom it shows may have come or gone.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { pageConnection } from "../core/connection.js";
import { every, listen } from "../core/scope.js";
import { fillAvatar, showRoomPicture } from "../lib/avatars.js";
import { currentStatus, shownName } from "../lib/people.js";
import { statusLine } from "../lib/status_line.js";
import { t } from "../lib/texts.js";
import { createPresenceRecheck } from "./presence_recheck.js";
import { arrangeRooms } from "./sidebar_order.js";

const REFRESH_INTERVAL = 60_000;
const FRESH = 10_000; // ms for which the lists need not be asked for again when the page is looked at

// Of the page, whatever rooms it shows one after the other:
let arrivals = 0;
let isPage = false; // it has one connection, so that entering a room says nothing of the others

const countsOf = ({ unread, mention, mentions }) => ({ unread, mention, mentions });

export function startSidebarRooms(here = null, live = false) {
  const template = document.getElementById("side-item-template");
  const recheck = createPresenceRecheck(() => refresh());
  let busy = false;
  let refreshedAt = 0;
  let again = false; // what is on its way may be older than what was heard since

  pageConnection(); // also where no room is open
  on("wire-connected", ({ unread, blocked, invitations, inbox }) => {
    isPage = true;
    emit("blocks-read", { blocked });
    emit("invitations-read", { invitations });
    emit("inbox-count", { unread: inbox });
    showUnread(unread);
    arrive();
  });
  on("wire-welcome", () => isPage || arrive());
  on("wire-unread", ({ room, unread, mention, mentions, title }) => {
    if (room === here) return; // what is read elsewhere of this room is for its state
    const item = itemOf(room);
    if (!item) return refresh();
    if (title && showTitle(room, title)) again = busy;
    emit("unread", { room, unread, mention, mentions });
    if (unread) expectStatus(item, true); // whoever writes has probably come
  });
  on("wire-person", ({ user }) => showPerson(user));
  on("wire-joined", ({ user }) => expectStatus(directItemOf(user), true));
  on("wire-left", ({ user }) => expectStatus(directItemOf(user), false));
  on("wire-blocks", refresh);
  on("wire-rooms", refresh);
  on("rooms-stale", refresh);
  on("state", ({ state, before }) => {
    if (state.room.with) return;
    if (state.onlineCount !== before.onlineCount) showHere(state.room.name, state.onlineCount);
    if (state.room.title !== before.room.title) showTitle(state.room.name, state.room.title);
  });
  listen(document, "visibilitychange", () => {
    if (!document.hidden && (!live || Date.now() - refreshedAt > FRESH)) refresh();
  });
  every(REFRESH_INTERVAL, () => !document.hidden && refresh());

  /** The first time only for the status of people in direct messages, which the page does not contain. */
  function arrive() {
    arrivals += 1;
    if (arrivals > 1 || document.querySelector(".side-direct li[data-room]")) refresh();
  }

  /** rooms: all that have something unread. */
  function showUnread(rooms) {
    const news = new Map(rooms.map((each) => [each.room, each]));
    for (const { dataset: { room } } of document.querySelectorAll("#side li[data-room]")) {
      if (room !== here) emit("unread", news.get(room) ?? { room, unread: 0, mention: false, mentions: 0 });
    }
  }

  async function refresh() {
    if (busy) return (again = true);
    busy = true;
    again = false;
    try {
      const { rooms, blocked = [], invitations = [], inbox = 0 } = await call("GET", "/api/rooms");
      emit("blocks-read", { blocked });
      emit("invitations-read", { invitations });
      emit("inbox-count", { unread: inbox });
      const listed = new Set(rooms.map(({ name }) => name));
      for (const item of document.querySelectorAll(":is(#side, .my-cards) li[data-room]")) {
        // The open direct messages stay, though with somebody who was blocked; an open room one was taken out of goes.
        const stays = item.dataset.room === here && item.dataset.user;
        if (!listed.has(item.dataset.room) && !stays) item.remove();
      }
      for (const room of rooms) {
        if (!itemOf(room.name)) add(room);
        itemOf(room.name).classList.toggle("is-muted", room.muted);
        itemOf(room.name).dataset.level = room.level;
        if (room.name !== here && !room.with) showTitle(room.name, room.title);
        if (room.name !== here) emit("unread", { room: room.name, ...countsOf(room) });
        if (room.name !== here && !room.with) showHere(room.name, room.online);
        if (!room.with) showRoomPicture(itemOf(room.name).querySelector(".room-picture"), room.avatar);
        if (room.with) showPerson(room.with);
        if (room.with) showStatus(itemOf(room.name), room.here === true);
      }
      arrangeRooms(rooms);
      refreshedAt = Date.now();
    } catch {
      // away: the next time is soon enough
    } finally {
      busy = false;
      if (again) refresh();
    }
  }

  function add(room) {
    show(room);
    if (room.with) expectStatus(itemOf(room.name), true); // whoever has just begun a conversation is connecting
    emit("room-added", room);
  }

  function show({ name, title, kind, with: other, muted }) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.room = name;
    item.dataset.title = title;
    if (other) item.dataset.user = other.id;
    item.classList.toggle("is-muted", muted);
    const link = item.querySelector("a");
    link.href = other ? `/dm/${encodeURIComponent(other.name)}/` : `/chat/${name}/`;
    item.querySelector(".side-name").textContent = title;
    const avatar = item.querySelector(".avatar");
    const icons = [...item.querySelectorAll("[data-kind]")];
    if (other) fillAvatar(avatar, other);
    (other ? item.querySelector(".room-picture") : avatar).remove();
    for (const icon of icons) if (icon.dataset.kind !== (other ? "" : kind)) icon.remove();
    const list = document.getElementById(!other ? "side-rooms" : other.bot ? "side-bots" : "side-direct-messages");
    list.querySelector(".side-none")?.remove();
    list.closest("details").hidden = false;
    list.prepend(item);
  }

  /** There is a sign that the other person of a direct message has come, or gone: ask, unless that is shown. */
  function expectStatus(item, isHere) {
    const avatar = item?.querySelector(".avatar");
    if (avatar && avatar.classList.contains("here") !== isHere) recheck.expect(item.dataset.room, isHere);
  }

  /** Show whether the other person of a direct message is on this server. */
  function showStatus(item, isHere) {
    recheck.settle(item.dataset.room, isHere);
    item.querySelector(".avatar").classList.toggle("here", isHere);
    item.querySelector("a").title = isHere ? t("status_here") : "";
  }

  /** What the other person of a direct message is called, and says of themselves. */
  function showPerson(person) {
    const { me } = document.getElementById("side-drafts").dataset;
    if (Number(me) === person.id) fillAvatar(document.querySelector(".side-me .avatar"), person);
    const item = directItemOf(person);
    if (!item) return;
    item.dataset.title = item.querySelector(".side-name").textContent = shownName(person);
    fillAvatar(item.querySelector(".avatar"), person);
    item.querySelector(".side-name").dataset.name = person.name;
    const emoji = item.querySelector(".side-emoji");
    emoji.textContent = currentStatus(person)?.emoji ?? "";
    emoji.title = statusLine(person);
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

  const directItemOf = ({ id }) => document.querySelector(`#side li[data-user="${id}"]`);
  const itemOf = (room) => document.querySelector(`#side li[data-room="${CSS.escape(room)}"]`);
}
