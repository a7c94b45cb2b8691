// The sidebar: unread counts; the tab's title and icon.

import { on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { startDrawer } from "./drawer.js";

export function startSidebar(store = null) {
  const side = document.getElementById("side");
  let title = document.title;

  startDrawer();
  on("unread", badge);
  on("side-changed", showTotal);
  on("inbox-shown", showTotal);
  if (store) {
    const program = title.slice(title.lastIndexOf(" · "));
    on("state", ({ state, before }) => {
      if (state.room.title === before.room.title) return;
      title = state.room.title + program;
      showTotal();
    });
    on(
      "state",
      ({ state, before }) => ["unseen", "unseenMention"].some((name) => state[name] !== before[name]) && showTotal(),
    );
  }
  listen(document, "visibilitychange", showTotal);
  showTotal();

  function badge({ room, unread, mention, mentions = 0 }) {
    const same = `li[data-room="${CSS.escape(room)}"]`;
    const calls = unread > 0 && (mention || Boolean(side.querySelector(`.side-direct ${same}`)));
    for (const item of document.querySelectorAll(same)) { // the list of rooms has them once more
      const mark = item.querySelector(".badge");
      if (mark) mark.textContent = unread > 99 ? "99+" : unread || "";
      if (mark && unread && mentions) mark.dataset.mentions = mentions;
      else delete mark?.dataset.mentions;
      item.classList.toggle("unread", unread > 0);
      item.classList.toggle("mentioned", calls);
    }
    showTotal();
  }

  function showTotal() {
    const others = [...side.querySelectorAll("li.unread:not(.is-muted) .badge")];
    const mentions = side.querySelectorAll("ul:not([hidden]) > li.mentioned:not(.is-muted)").length; // no invitations: no list
    const { room, unseen, unseenMention = 0 } = store?.state ?? {};
    const isMuted = side.querySelector("li > a[aria-current]")?.matches(".is-muted > a") ?? room?.muted;
    const mine = room && !isMuted ? unseen : 0;
    const called = room?.with ? mine : Math.min(mine, unseenMention);
    const isUnread = mine > 0 || others.some((node) => node.textContent);
    // What calls for me, as the inbox and the app's icon count it. What is unread besides is a dot.
    const calls = document.querySelector("#side-inbox .calls .badge")?.textContent;
    document.title = calls ? `(${calls}) ${title}` : title;
    document.documentElement.toggleAttribute("data-unread", isUnread || Boolean(calls));
    showIcon(isUnread || Boolean(calls), mentions + called > 0);
  }
}

let shownIcon = "";

/** The tab's icon with a dot: something is unread; in the colour of a mention when somebody named me. */
function showIcon(unread, mention) {
  const kind = mention ? "mention" : unread ? "unread" : "";
  if (kind === shownIcon) return;
  shownIcon = kind;
  const link = document.querySelector('link[rel="icon"]');
  link.dataset.plain ??= link.href;
  if (!kind) {
    link.href = link.dataset.plain;
    return;
  }
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, 64, 64);
    pen.fillStyle = kind === "mention" ? "#d97706" : "#e11d48";
    pen.beginPath();
    pen.arc(50, 14, 14, 0, 7);
    pen.fill();
    link.type = "image/png";
    link.href = canvas.toDataURL();
  };
  image.src = link.dataset.plain;
}
