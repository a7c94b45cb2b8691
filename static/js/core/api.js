// Calls of the HTTP API beside the socket.

import { t } from "../lib/texts.js";

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Returns the parsed response. Throws an Error whose message is shown to the user. */
export async function call(method, path, body, signal) {
  let answer;
  try {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() };
    answer = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(t("requestFailed"));
  }
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.message ?? t("requestFailed"));
  return data;
}
