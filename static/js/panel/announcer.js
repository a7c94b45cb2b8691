// Announces new messages to screen readers, at most once in 2 s, and texts of other parts of the page.

import { isFolded } from "../state/blocked.js";
import { on } from "../core/bus.js";
import { makeNotificationFilter } from "../state/notification_filter.js";
import { noticeText, t } from "../lib/texts.js";
import { excerptOf } from "../lib/message_text.js";
import { shownName } from "../lib/people.js";

const MIN_INTERVAL = 2000;

export function startAnnouncer(store) {
  const region = document.getElementById("announcer");
  const isNews = makeNotificationFilter(store.state);
  let waiting = [];
  let timer = null;

  on("announce", ({ text }) => (region.textContent = text));
  on("wire-message", (message) => {
    waiting = waiting.map((each) => (each.id === message.id ? message : each)).filter(({ deleted }) => !deleted);
    if (!isNews(message) || message.sender.id === store.state.me.id || isFolded(message, store.state.blocked)) return;
    waiting.push(message);
    timer ??= setTimeout(speak, 150);
  });

  function speak() {
    const messages = waiting;
    waiting = [];
    timer = messages.length ? setTimeout(speak, MIN_INTERVAL) : null;
    if (messages.length === 1) {
      const [message] = messages;
      const text = noticeText(message) ?? excerptOf(message, 300);
      region.textContent = t("saysNow", { name: shownName(message.sender), text });
    } else region.textContent = messages.length ? t("newMessages", { count: messages.length }) : "";
  }
}
