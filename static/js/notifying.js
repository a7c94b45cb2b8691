// Notifications of the desktop: for mentions and talks, while the page is hidden; asked for only on a click.

import { hear, tell } from "./bus.js";
import { kept } from "./keep.js";

export function startNotifying(store) {
  const button = document.getElementById("notify");
  const wanted = kept("notify");
  if (!("Notification" in window)) return;
  button.hidden = false;
  show();

  button.addEventListener("click", async () => {
    if (isOn()) {
      wanted.set("");
      tell("toast", { key: "notifyOff" });
    } else if ((await Notification.requestPermission()) === "granted") {
      wanted.set("yes");
      tell("toast", { key: "notifyOn" });
    } else tell("toast", { key: "notifyDenied" });
    show();
  });

  hear("wire-message", (message) => {
    const { me, room, seq } = store.state;
    const mine = message.sender.id === me.id;
    const concerns = room.kind === "direct" || message.mentions.includes(me.id);
    if (mine || !concerns || message.edited || message.deleted || message.state !== "complete" || message.seq < seq || room.muted) return;
    notify(`m${message.id}`, message.sender.name, message.message);
  });
  hear("wire-unread", ({ room, mention }) => {
    const item = document.querySelector(`#side li[data-room="${CSS.escape(room)}"]:not(.muted)`);
    if (mention && item && room !== store.state.room.name) notify(`r${room}`, item.dataset.title, "");
  });

  function notify(tag, title, text) {
    if (!document.hidden || !isOn()) return;
    const shown = new Notification(title, { body: text.slice(0, 200), tag, icon: document.querySelector('link[rel="icon"]').dataset.plain });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  }

  function show() {
    button.setAttribute("aria-pressed", isOn());
  }

  function isOn() {
    return wanted.get() === "yes" && Notification.permission === "granted";
  }
}
