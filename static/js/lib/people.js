// What people are called and what they say of themselves. Pure. rooms/kernel/protocol.py makes the same.

/** The name that is shown for somebody; they are mentioned and addressed by `name`. */
export const shownName = ({ name, display_name: shown }) => shown || name;

/** What somebody says of themselves at this time: {emoji, text, availability, until?}; null: nothing, or it has ended. */
export function currentStatus({ status = null }, now = Date.now()) {
  return status?.until && Date.parse(status.until) <= now ? null : status;
}
