// Desktop notifications of mentions and direct messages while the page is hidden. Loaded when they are turned on.

import { isFolded } from "../state/blocked.js";
import { emit, on } from "../core/bus.js";
import { isCallForAttention, makeNotificationFilter } from "../state/notification_filter.js";
import { t } from "../lib/texts.js";
import { excerptOf } from "../lib/message_text.js";
import { isQuiet, shownName } from "../lib/people.js";
import { pushWanted } from "../lib/local_storage.js";

const MAX_LENGTH = 200; // characters of a message
const STACKED_MARKS = /(\p{M}{8})\p{M}+/gu; // no clipping of ours reaches what the system shows
const GRACE = 1500; // ms in which somebody may read it elsewhere: in another tab, on another device

/** isOn(): whether they are wanted now. */
export function startDesktopNotifications(store, isOn) {
  const isNews = makeNotificationFilter(store.state);
  const counts = new Map(); // room → {unread, mention}, as last told
  for (const item of document.querySelectorAll("#side li[data-room]")) counts.set(item.dataset.room, countOf(item));

  on("wire-message", (message) => {
    const { me, room, blocked } = store.state;
    if (!isNews(message) || message.sender.id === me.id || message.kind === "notice" || isFolded(message, blocked)) {
      return;
    }
    const isDirect = room.kind === "direct";
    const isMuted = itemOf(room.name)?.classList.contains("is-muted") ?? room.muted;
    if (!document.hidden || isMuted || !(isDirect || message.mentions.includes(me.id))) return;
    const name = shownName(message.sender);
    const title = isDirect ? name : t("inRoom", { name, room: room.title });
    setTimeout(() => {
      if (store.state.readSeq >= message.seq) return;
      notify(room.name, title, excerptOf(message, MAX_LENGTH), () => emit("show-message", { id: message.id }));
    }, GRACE);
  });
  on("unread", (now) => {
    const before = counts.get(now.room) ?? { unread: 0, mention: false };
    counts.set(now.room, now);
    const item = itemOf(now.room);
    const isDirect = Boolean(item?.closest(".side-direct"));
    if (
      !document.hidden || !item || item.classList.contains("is-muted") || !isCallForAttention(before, now, isDirect)
    ) return;
    setTimeout(() => {
      const { unread } = counts.get(now.room);
      if (!unread) return;
      const text = isDirect ? t("newMessages", { count: unread }) : t("namedYou");
      notify(now.room, item.dataset.title, text, () => item.querySelector("a").click());
    }, GRACE);
  });

  function notify(tag, title, text, open) {
    const hasPush = pushWanted().get() === "yes"; // which shows what comes while the page is hidden: once is enough
    if (!document.hidden || !isOn() || hasPush || isQuiet(store.state.me)) return;
    const icon = document.querySelector('link[rel="icon"]').dataset.plain;
    const shown = new Notification(title, { body: text.replace(STACKED_MARKS, "$1"), tag, icon });
    shown.onclick = () => {
      window.focus();
      shown.close();
      open();
    };
  }
}

const itemOf = (room) => document.querySelector(`#side li[data-room="${CSS.escape(room)}"]`);

const countOf = (item) => ({
  unread: parseInt(item.querySelector(".badge").textContent, 10) || 0,
  mention: item.classList.contains("mentioned"),
});
