// Settings → Notifications, what is of this browser alone: whether it shows pushes.

import { isOn, obstacle, turnOff, turnOn } from "../lib/device.js";

export async function startThisDevice(section = document.getElementById("this-device")) {
  const [on, off] = ["on", "off"].map((each) => section.querySelector(`[data-turn=${each}]`));
  section.hidden = false;
  on.addEventListener("click", () => change(on, turnOn));
  off.addEventListener("click", () => change(off, turnOff));
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
