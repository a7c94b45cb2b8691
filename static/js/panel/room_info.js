// The room's title, kind and topic, and whether the room is archived.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { showRoomPicture } from "../lib/avatars.js";

const MAX_DELAY = 10_000; // milliseconds
const DELAY_PER_PERSON = 10; // a person in the room: a full room does not ask all at once
const OF_NO_FACTS = new Set(["room_deleted", "message_pinned"]); // what is shown here stays

export function startRoomInfo(store) {
  const { room } = store.state;
  const topic = document.querySelector(".room-head .topic");
  const field = document.getElementById("composer-text");
  let isScheduled = false;

  if (room.with) return;
  topic.addEventListener("click", (event) => {
    if (!topic.href || field.readOnly || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    emit("edit-topic");
  });
  on("wire-message", ({ kind, notice }) => kind === "notice" && !OF_NO_FACTS.has(notice?.reason) && refreshSoon());
  on("wire-reset", refreshSoon);
  on("state", ({ state, before }) => state.room.title !== before.room.title && showTitle(state.room.title));

  function refreshSoon() {
    if (isScheduled) return;
    isScheduled = true;
    setTimeout(refresh, Math.random() * Math.min(MAX_DELAY, DELAY_PER_PERSON * (store.state.onlineCount ?? 0)));
  }

  async function refresh() {
    isScheduled = false;
    try {
      const now = await call("GET", `/api/rooms/${encodeURIComponent(room.name)}`);
      store.dispatch({ type: "local.renamed", title: now.title });
      showKind(now.kind);
      const marks = `.room-head .room-picture, #side li[data-room="${CSS.escape(room.name)}"] .room-picture`;
      for (const mark of document.querySelectorAll(marks)) showRoomPicture(mark, now.avatar);
      topic.textContent = now.topic;
      document.querySelector(".room-description").textContent = now.description;
      emit("refused", { refused: now.refused, slowMode: now.slow_mode });
    } catch {
      // away: coming back brings the notice again, or a reset
    }
  }

  function showKind(kind) {
    for (const text of document.querySelectorAll(".beginning [data-kind]")) text.hidden = text.dataset.kind !== kind;
    const places = `.room-head .room-kind use, #side li[data-room="${CSS.escape(room.name)}"] .icon use`;
    for (const icon of document.querySelectorAll(places)) {
      icon.setAttribute(
        "href",
        icon.getAttribute("href").replace(/#(hash|lock)$/, kind === "private" ? "#lock" : "#hash"),
      );
    }
  }

  function showTitle(title) {
    const places = document.querySelectorAll(".room-head h1, .beginning h2, .join-bar b");
    for (const place of places) place.textContent = title;
    field.dataset.open = field.dataset.pattern.replace("{name}", () => title);
    if (!field.readOnly) field.placeholder = field.dataset.open;
  }
}
