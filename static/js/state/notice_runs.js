// Notices of one kind by one person in a row, which stand behind one line: “alice added bob, carol and 8 others”. Pure.

import { list, t } from "../lib/texts.js";

const RUN_MS = 10 * 60_000; // from one to the next
const MAX_NAMED = 2; // people whom the line names
const KINDS = new Set(["person_added", "person_removed", "person_banned"]); // what names one person each

/** Whether a notice says the same of another person as the one before it. */
export function repeatsNotice(previous, message) {
  return Boolean(
    previous && isOfPerson(previous) && isOfPerson(message) &&
      previous.notice.reason === message.notice.reason &&
      previous.sender.id === message.sender.id &&
      new Date(message.created) - new Date(previous.created) < RUN_MS,
  );
}

/** The text of a run of such notices, after the name of the person who acted. */
export function runText(messages) {
  const names = [...new Set(messages.map(({ notice }) => notice.params.name))];
  const shown = names.length > MAX_NAMED + 1 ? names.slice(0, MAX_NAMED) : names;
  const rest = names.length - shown.length;
  return t(`notice_${messages[0].notice.reason}`, {
    name: list(rest ? [...shown, t("othersMore", { count: rest })] : shown),
  });
}

const isOfPerson = ({ kind, deleted, notice }) =>
  kind === "notice" && !deleted && KINDS.has(notice?.reason) && Boolean(notice.params?.name);
