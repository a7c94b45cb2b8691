// Says new messages to those who listen to the page: one by name, many at a time by number, at most one sentence in 2 s.

import { hear } from "./bus.js";
import { t } from "./texts.js";

const PAUSE = 2000;

export function startAnnouncer(store) {
  const region = document.getElementById("announcer");
  const waiting = new Map(); // message id → message
  const said = new Set();
  let timer = null;

  hear("wire-message", (message) => {
    const spoken = message.state === "complete" && !message.deleted && !message.edited && message.sender.id !== store.state.me.id;
    if (!spoken || said.has(message.id) || store.state.catchingUp || message.reactions.length) return;
    said.add(message.id);
    waiting.set(message.id, message);
    timer ??= setTimeout(speak, 150);
  });

  function speak() {
    const messages = [...waiting.values()];
    waiting.clear();
    timer = messages.length ? setTimeout(speak, PAUSE) : null;
    if (messages.length === 1) {
      const [{ sender, message }] = messages;
      region.textContent = t("saysNow", { name: sender.name, text: message.slice(0, 300) });
    } else if (messages.length) region.textContent = t("newMessages", { count: messages.length });
    if (said.size > 2000) said.clear();
  }
}
