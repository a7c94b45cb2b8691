// What blocking hides. rooms/web/timeline.py has the same rule. Pure.

/** Whether a message is folded away: what a blocked person says is, and not a notice of what was done to the room. */
export const isFolded = ({ sender, kind }, blocked) => blocked.has(sender.id) && kind !== "notice";

/** The reactions without those of blocked people. */
export function visibleReactions(reactions, blocked) {
  if (!blocked.size) return reactions;
  const heard = reactions.map(({ emoji, users }) => ({ emoji, users: users.filter((id) => !blocked.has(id)) }));
  return heard.filter(({ users }) => users.length);
}
