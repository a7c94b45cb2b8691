// What I have said and the server has not confirmed yet, as a message. Pure.

import { excerptOf } from "../lib/message_text.js";
import { shownName } from "../lib/people.js";
import { EXCERPT_LENGTH } from "../state/shown_messages.js";

export function pendingToMessage(item, { me, messages }) {
  const quoted = messages.get(item.reply_to);
  return {
    id: `p-${item.id}`,
    kind: "human",
    sender: me,
    message: item.message,
    html: "",
    created: item.created,
    reply_to: item.reply_to
      ? {
        id: item.reply_to,
        sender: quoted ? shownName(quoted.sender) : "",
        sender_id: quoted?.sender.id,
        excerpt: quoted ? excerptOf(quoted, EXCERPT_LENGTH) : "…",
      }
      : null,
    edited: null,
    deleted: false,
    reactions: [],
    mentions: [],
    state: "complete",
    ...(item.files && { files: item.files.map((file) => ({ ...file, id: file.key, url: "" })) }),
    pending: item.status,
    percent: item.percent,
    why: item.error,
  };
}
