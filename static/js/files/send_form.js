// A message with files to where one is not yet: as the page's own form sends it, so that the server joins the room or
// begins the conversation only once all of them are there.

import { t } from "../lib/texts.js";
import { parsePage } from "../lib/trusted_html.js";
import { get, giveBack, remove } from "./uploads.js";

/** progress(percent). Resolves when it is sent; else the files are in the tray again, and it throws the reason. */
export async function sendForm({ id, message, replyTo, files }, progress) {
  const uploads = files.map(({ key }) => get(key));
  try {
    await post(formOf({ id, message, replyTo }, uploads), progress);
  } catch (error) {
    giveBack(files);
    throw error;
  }
  for (const { key } of files) remove(key);
}

function formOf({ id, message, replyTo }, uploads) {
  const form = new FormData(document.getElementById("composer"));
  for (const [name, value] of Object.entries({ id, message, reply_to: replyTo ?? "" })) form.set(name, value);
  uploads.forEach(({ blob, name, alt }, number) => {
    form.append("file", blob, name);
    if (alt) form.set(`alt${number}`, alt);
  });
  return form;
}

function post(form, progress) {
  const request = new XMLHttpRequest();
  request.open("POST", location.pathname);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(Math.floor((99 * loaded) / total)));
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => request.status < 400 ? resolve() : reject(new Error(problemIn(request))));
    for (const end of ["error", "abort", "timeout"]) {
      request.addEventListener(end, () => reject(new Error(t("requestFailed"))));
    }
    request.send(form);
  });
}

/** What the page says of it. */
function problemIn({ responseText }) {
  return parsePage(responseText).getElementById("composer-problem")?.textContent.trim() || t("requestFailed");
}
