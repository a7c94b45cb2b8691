// The menu of a room in the sidebar, and what it does.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { newId } from "../core/protocol.js";
import { visit } from "../core/visit.js";
import { copyOrShow } from "../lib/clipboard.js";
import { confirm } from "../lib/confirm_dialog.js";
import { makeMenu } from "../lib/menu.js";
import { t } from "../lib/texts.js";

export function startRoomMenu() {
  const menu = document.getElementById("room-menu");
  let shown = null; // the row
  const open = makeMenu(menu, async ({ dataset }) => {
    try {
      await actions[dataset.do](shown, `/api/rooms/${encodeURIComponent(shown.dataset.room)}`);
    } catch (error) {
      emit("toast", { text: error.message });
    }
  });

  on("room-menu", ({ row, place }) => {
    const names = possible(row);
    for (const button of menu.querySelectorAll("[data-do]")) button.hidden = !names.has(button.dataset.do);
    for (const radio of menu.querySelectorAll("[role=menuitemradio]")) {
      radio.setAttribute("aria-checked", radio.dataset.do === row.dataset.level);
    }
    shown = row;
    open(place, () => (place.at ?? row.querySelector("a")).focus({ preventScroll: true }));
  });
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
