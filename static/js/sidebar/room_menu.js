// The menu of a room in the sidebar, and what it does.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { newId } from "../core/protocol.js";
import { visit } from "../core/visit.js";
import { copyOrShow } from "../lib/clipboard.js";
import { confirm } from "../lib/confirm_dialog.js";
import { menuItems, placeMenu, walkMenu } from "../lib/menu.js";
import { t } from "../lib/texts.js";

export function startRoomMenu() {
  const menu = document.getElementById("room-menu");
  const isOpen = () => menu.matches(":popover-open");
  let shown = null; // {row, place, isPressed}

  on("room-menu", ({ row, place }) => {
    if (isOpen()) menu.hidePopover();
    shown = { row, place, isPressed: !place.sheet };
    const names = possible(row);
    for (const button of menu.querySelectorAll("[data-do]")) button.hidden = !names.has(button.dataset.do);
    for (const radio of menu.querySelectorAll("[role=menuitemradio]")) {
      radio.setAttribute("aria-checked", radio.dataset.do === row.dataset.level);
    }
    // Lifting the finger that rested on the row would close a popover that closes by itself.
    menu.popover = place.sheet ? "manual" : "auto";
    menu.classList.toggle("from-below", Boolean(place.sheet));
    place.at?.setAttribute("aria-expanded", "true");
    menu.showPopover();
    if (!place.sheet) placeMenu(menu, place);
    menuItems(menu)[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return walkMenu(menu, event);
    event.preventDefault();
    event.stopPropagation(); // the drawer stays
    close();
  });
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed") shown?.place.at?.setAttribute("aria-expanded", "false");
  });
  menu.addEventListener("pointerdown", () => (shown.isPressed = true));
  document.addEventListener("pointerdown", ({ target }) => {
    if (menu.popover === "manual" && isOpen() && !menu.contains(target)) menu.hidePopover();
  });
  addEventListener("resize", () => isOpen() && menu.hidePopover());
  menu.addEventListener("click", async ({ target, detail }) => {
    const button = target.closest("button");
    if (!button || (detail && !shown.isPressed)) return;
    const { row } = shown;
    close();
    try {
      await actions[button.dataset.do](row, `/api/rooms/${encodeURIComponent(row.dataset.room)}`);
    } catch (error) {
      emit("toast", { text: error.message });
    }
  });

  function close() {
    menu.hidePopover();
    (shown.place.at ?? shown.row.querySelector("a")).focus({ preventScroll: true });
  }
}

/** What can be done with the room of this row, by the names of the actions. */
function possible(row) {
  const isDirect = Boolean(row.closest(".side-direct"));
  const isStarred = Boolean(row.closest("#side-starred"));
  const { level } = row.dataset;
  const isMuted = row.classList.contains("is-muted");
  const canMute = !isMuted && level !== "nothing";
  const can = {
    read: row.classList.contains("unread"),
    star: !isDirect && !isStarred,
    unstar: isStarred,
    all: true,
    mentions: true,
    nothing: true,
    muteHour: canMute,
    muteToday: canMute,
    mute: canMute,
    unmute: isMuted && level !== "nothing",
    link: true,
    leave: !isDirect,
  };
  return new Set(Object.keys(can).filter((name) => can[name]));
}

const post = (path) => (_row, address) => call("POST", `${address}/${path}`, {});
const hear = (level) => (_row, address) => call("POST", `${address}/level`, { level });
const mute = (end) => (_row, address) => call("POST", `${address}/mute`, { until: end(new Date()).toISOString() });

// The server tells this page what has changed, as it tells others of this person.
const actions = {
  star: post("star"),
  unstar: post("unstar"),
  all: hear("all"),
  mentions: hear("mentions"),
  nothing: hear("nothing"),
  muteHour: mute((now) => new Date(now.getTime() + 3_600_000)),
  muteToday: mute((now) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)),
  mute: post("mute"),
  unmute: post("unmute"),
  async read(_row, address) {
    const { seq } = await call("GET", address);
    await call("POST", `${address}/commands`, { type: "read", id: newId(), seq });
  },
  async link(row) {
    if (await copyOrShow(row.querySelector("a").href)) emit("toast", { key: "copiedLink" });
  },
  async leave(row, address) {
    const isPrivate = row.querySelector(".icon use")?.getAttribute("href").endsWith("#lock");
    const question = t(isPrivate ? "leavePrivate" : "leaveRoom", { name: row.dataset.title });
    if (!(await confirm(question, t("leave")))) return;
    const isShown = row.querySelector("[aria-current]");
    await call("POST", `${address}/leave`, {});
    if (isShown) visit("/chat/");
  },
};
