// Settings → Notifications, what is of this browser alone: push, and the sound of its pages.

import { startAlerts } from "../core/alerts.js";
import { emit } from "../core/bus.js";
import { isOn, obstacle, turnOff, turnOn } from "../lib/device.js";
import { storedItem } from "../lib/local_storage.js";
import { play } from "../lib/sounds.js";

export async function startThisDevice(section = document.getElementById("this-device")) {
  const [on, off] = ["on", "off"].map((each) => section.querySelector(`[data-turn=${each}]`));
  section.hidden = false;
  on.addEventListener("click", () => change(on, turnOn));
  off.addEventListener("click", () => change(off, turnOff));
  startSounds(section);
  await show();

  async function change(button, doing) {
    button.disabled = true;
    try {
      await show(await doing());
      (on.hidden ? off : on).focus();
    } catch {
      await show("failed");
    } finally {
      button.disabled = false;
    }
  }

  /** why: what stood in the way just now. */
  async function show(why = "") {
    const way = obstacle();
    const state = why || way || ((await isOn()) ? "on" : "off");
    for (const each of section.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== state;
    on.hidden = Boolean(way) || state === "on";
    off.hidden = state !== "on";
  }
}

function startSounds(section) {
  const sound = storedItem("sound");
  const chosen = section.querySelector(`[name=sound][value="${CSS.escape(sound.get() ?? "")}"]`);
  if (chosen) chosen.checked = true;
  section.querySelector("fieldset").addEventListener("change", ({ target }) => {
    sound.set(target.value);
    if (!target.value) return;
    startAlerts();
    play(target.value).catch(() => emit("toast", { key: "requestFailed" }));
  });
}
