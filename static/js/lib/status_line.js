// What somebody says of themselves, in one line. rooms/templatetags/people.py makes the same.

import { currentStatus } from "./people.js";
import { t } from "./texts.js";

/** "🌴 On holiday", or the availability where there is no text; empty for nothing. */
export function statusLine(person) {
  const status = currentStatus(person);
  if (!status) return "";
  const label = status.availability === "available" ? "" : t(`availability_${status.availability}`);
  return [status.emoji, status.text || label].filter(Boolean).join(" ");
}
