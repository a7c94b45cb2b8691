// Which of the messages that the page has are mine. Pure.

/** The last answer to a question of mine that a bot is still writing or has in its queue. */
export function lastUnfinishedAnswer({ ids, messages, me }) {
  const isMine = ({ kind, state, reply_to: question }) =>
    kind === "bot" && (state === "queued" || state === "streaming") && question?.sender_id === me.id;
  return messages.get(ids.findLast((id) => isMine(messages.get(id))));
}

/** My last message here that is not deleted. */
export function lastOwnMessage({ ids, messages, me }) {
  const id = ids.findLast((each) => {
    const message = messages.get(each);
    return message.sender.id === me.id && message.kind === "human" && !message.deleted;
  });
  return id && messages.get(id);
}
