// One upload. By XMLHttpRequest: fetch does not tell how much of a body has been sent.

import { errorText, t } from "../lib/texts.js";

export const WHOLE = 99; // percent: it is on the server, which looks at it
const PASSING = [429, 502, 503, 504]; // what is refused now may be taken in a while
const MAX_WAIT = 300; // seconds; who would have to wait longer is told why

/**
 * progress(percent). Returns {done, abort}: done resolves to {id}, to {why: a sentence}, to {isAway: true} when the
 * server could not be reached, or to {isBusy: true, seconds} when it is to be tried again after that time.
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

const answerOf = (request) =>
  request.status === 201 && request.response?.id ? { id: request.response.id } : refused(request);

/** What the answer to a request that was not taken means for its file. */
export function refused(request) {
  const { status, response } = request;
  const seconds = Number(request.getResponseHeader("Retry-After")) || 0;
  if (PASSING.includes(status) && seconds <= MAX_WAIT) return { isBusy: true, seconds };
  return { why: response?.code ? errorText(response) : t("requestFailed") };
}
