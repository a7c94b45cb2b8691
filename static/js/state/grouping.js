// Which messages are grouped. rooms/web/timeline.py renders the first page by the same rule. Pure.

const GROUP_MS = 5 * 60_000;

export function continues(previous, message) {
  return Boolean(
    previous &&
      previous.sender.id === message.sender.id &&
      previous.kind === message.kind &&
      message.kind !== "notice" &&
      !message.reply_to &&
      new Date(message.created) - new Date(previous.created) < GROUP_MS,
  );
}

/** The ids of messages that one of these replies to. */
export const repliedTo = (messages) =>
  new Set(Array.from(messages.values(), ({ reply_to: quoted }) => quoted?.id).filter(Boolean));

/** A deleted message leaves a line only where somebody replied to it; answered: of repliedTo. */
export const isGone = ({ id, deleted }, answered) => deleted && !answered.has(id);

/** The reader's own day of a moment, as yyyy-mm-dd. */
export function dayOf(created) {
  const date = new Date(created);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${
    String(date.getDate()).padStart(2, "0")
  }`;
}
