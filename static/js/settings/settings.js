// The settings: what is chosen is saved and shown at once. Without this, each form has a button.

import { emit } from "../core/bus.js";
import { showLook } from "../core/look.js";
import { t } from "../lib/texts.js";

export function startSettings() {
  document.querySelector(".settings-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  saveAtOnce(document.getElementById("look"), (fields, name) => {
    showLook({ theme: fields.get("theme"), textSize: fields.get("text_size") }, true);
    showLook({ density: fields.get("density"), timeFormat: fields.get("time_format") });
    if (name === "language") location.reload();
  });
  saveAtOnce(
    document.getElementById("single-keys"),
    (fields) => showLook({ keys: fields.get("single_keys") ?? "off" }),
  );
  for (const form of document.querySelectorAll("form[data-save]")) saveAtOnce(form, () => {});
}

/** saved(fields, name): which field has changed. */
function saveAtOnce(form, saved) {
  if (!form) return;
  const said = form.querySelector(".settings-said");
  form.querySelector(".actions-row").hidden = true;
  let last = Promise.resolve(); // one after the other: the last choice counts

  form.addEventListener("change", ({ target }) => {
    const fields = new FormData(form);
    said.textContent = "";
    last = last.then(async () => {
      try {
        await send(form, fields);
        saved(fields, target.name);
        said.textContent = t("saved");
      } catch {
        emit("toast", { key: "requestFailed" });
        said.textContent = t("requestFailed");
      }
    });
  });
}

async function send(form, fields) {
  const body = new URLSearchParams(fields);
  body.set("live", "yes");
  const { status } = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  if (status !== 204) throw new Error(`answered ${status}`);
}
