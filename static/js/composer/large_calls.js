// Asks before a message calls many people at once. Loaded for the first that may.

import { call } from "../core/api.js";
import { confirm } from "../lib/confirm_dialog.js";
import { t } from "../lib/texts.js";

const MANY = 50; // people
const OTHER_NAMES = /[@＠](?:everyone|all|channel)(?!\w)/i; // of the room

/** Whether to send it: it calls few, or nobody, or the person has agreed. */
export async function mayCall(room, text) {
  if (room.kind === "direct") return true;
  const find = (name) => call("GET", `/api/rooms/${encodeURIComponent(room.name)}/members?q=${name}&limit=1`);
  let calls;
  try {
    calls = (await Promise.all(["here", "room"].map(find))).flatMap((answer) => answer.calls);
  } catch {
    return true; // away: it is sent later, and not asked about
  }
  const isNamed = ({ name }) =>
    new RegExp(`[@＠]${name}(?!\\w)`, "i").test(text) || (name === "room" && OTHER_NAMES.test(text));
  const count = Math.max(0, ...calls.filter(isNamed).map(({ people }) => people));
  return count <= MANY || confirm(t("askCall", { count }), t("send"));
}
