// Decides which messages are news for the user. Pure, except that each filter remembers what it has reported.

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
