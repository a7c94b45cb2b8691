// Who may have a bot's reply written anew: who asked, and moderators; rooms/services/bot_replies.py decides.

export const canRetry = ({ reply_to: question }, { me, room }) =>
  Boolean(room.moderates || room.with || question?.sender === me.name);

/** Whether a bot may be asked to go on with a reply that was stopped, or was cut off where it was longest. By everybody:
 * they say so in the room, and whoever speaks to a bot is answered. */
export const canContinue = ({ state, message, notes }) =>
  Boolean(message.trim()) &&
  (state === "stopped" || Boolean(notes?.some(({ reason }) => reason === "answer_truncated")));

/** What I can do with a message, by the names of the actions. phase: of the connection. */
export function possibleActions(message, { me, room, phase }) {
  const { kind, state, deleted, sender } = message;
  const said = !deleted && kind !== "notice";
  const isFinished = state !== "queued" && state !== "streaming";
  const isMine = sender.id === me.id && kind === "human";
  const isLive = phase !== "visiting"; // there, nothing carries commands
  const mayPin = isLive && Boolean(room.moderates || room.with);
  const can = {
    react: isLive && !deleted && isFinished,
    reply: said && isFinished,
    copy: !deleted,
    link: !deleted,
    forward: said && isFinished,
    unread: isLive && sender.id !== me.id && !deleted,
    pin: mayPin && said && isFinished && !message.pinned,
    unpin: mayPin && said && Boolean(message.pinned),
    edit: isLive && isMine && !deleted,
    files: isLive && isMine && !deleted && Boolean(message.files?.some(({ removed }) => !removed)),
    block: sender.id !== me.id && !deleted,
    report: said && sender.id !== me.id,
    delete: isLive && said && (isMine || (Boolean(room.moderates) && isFinished)),
  };
  return new Set(Object.keys(can).filter((name) => can[name]));
}
