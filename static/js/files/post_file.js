// One upload. By XMLHttpRequest: fetch does not tell how much of a body has been sent.

import { errorText, t } from "../lib/texts.js";

export const WHOLE = 99; // percent: it is on the server, which looks at it

/**
 * progress(percent). Returns {done, abort}: done resolves to {id}, to {why: a sentence}, or to {isAway: true} when the
 * server could not be reached.
 */
export function postFile({ room, blob, name, alt }, progress) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  if (alt) form.append("alt", alt);
  form.append("file", blob, name);
  request.open("POST", `/api/rooms/${encodeURIComponent(room)}/files`);
  request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(Math.floor((WHOLE * loaded) / total)));
  const done = new Promise((resolve) => {
    request.addEventListener("load", () => resolve(answerOf(request)));
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => resolve({ isAway: true }));
  });
  request.send(form);
  return { done, abort: () => request.abort() };
}

function answerOf({ status, response }) {
  if (status === 201 && response?.id) return { id: response.id };
  return { why: response?.code ? errorText(response) : t("requestFailed") };
}
