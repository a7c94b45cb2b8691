// Calls the HTTP API.

import { t } from "../lib/texts.js";

const csrfToken = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Call without waiting for the answer. The request is sent even when the page is left. */
export function callAndLeave(method, path) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  fetch(path, { method, headers, body: "{}", keepalive: true }).catch(() => {});
}

/** Returns the parsed response. Throws an Error whose message is shown to the user, with the code of a refusal. */
export async function call(method, path, body, signal) {
  let response;
  try {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    response = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(t("requestFailed"));
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(data.message ?? t("requestFailed")), { code: data.code });
  return data;
}
