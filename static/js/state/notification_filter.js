// What is new to somebody, among all that is told. Pure, but for what each remembers.

/** isNews(message): whether it is finished now for the first time, and was not yet when the page knew only `state`. */
export function makeNotificationFilter({ newestId, messages }) {
  const told = new Set();
  const open = new Set([...messages.values()].filter((message) => !isFinished(message)).map(({ id }) => id));
  let from = newestId;
  return (message) => {
    if (!isFinished(message) || message.deleted || told.has(message.id)) return false;
    if (message.id <= from && !open.has(message.id)) return false;
    open.delete(message.id);
    told.add(message.id);
    if (told.size > 2000) {
      from = Math.max(...told);
      told.clear();
    }
    return true;
  };
}

const isFinished = ({ state }) => state !== "queued" && state !== "streaming";

/** Whether the count of another room has grown so that it calls for me: a mention, or anything in a talk. */
export const calls = (before, now, isTalk) =>
  now.unread > before.unread && (isTalk || (now.mention && !before.mention));
