// Moments as a person in this place reads them.

import { formatInPageLanguage, formatInReaderLocale, language } from "./formats.js";

const clock = formatInReaderLocale("DateTimeFormat", { hour: "numeric", minute: "2-digit", ...hours() });
const exact = formatInReaderLocale("DateTimeFormat", { dateStyle: "full", timeStyle: "medium", ...hours() });
const thisYear = formatInPageLanguage("DateTimeFormat", { weekday: "long", day: "numeric", month: "long" });
const otherYear = formatInPageLanguage("DateTimeFormat", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const weekday = formatInPageLanguage("DateTimeFormat", { weekday: "short" });
const shortDay = formatInPageLanguage("DateTimeFormat", { day: "numeric", month: "short" });
const relative = formatInPageLanguage("RelativeTimeFormat", { numeric: "auto", style: "long" });

/** As the reader has chosen, else as their browser has it. */
function hours() {
  const format = globalThis.document?.documentElement?.dataset?.timeFormat;
  return format ? { hourCycle: format === "12" ? "h12" : "h23" } : {};
}

export const clockTime = (moment) => formatOr(clock, new Date(moment), (date) => date.toTimeString().slice(0, 5));
export const exactTime = (moment) => formatOr(exact, new Date(moment), String);

/** "14:02" today, "Tue 14:02" within the week, else "12 Nov 14:02". */
export function dayAndTime(moment, now = Date.now()) {
  const [date, today] = [new Date(moment), new Date(now)];
  if (date.toDateString() === today.toDateString()) return clockTime(moment);
  const day = today - date < 6 * 86_400_000 ? weekday : shortDay;
  return `${formatOr(day, date, () => "")} ${clockTime(moment)}`.trim();
}

/** "5 minutes ago" within the hour, else the time of day. */
export function shortTime(moment, now = Date.now()) {
  const minutes = Math.floor((now - new Date(moment)) / 60_000);
  if (minutes >= 60 || minutes < 0 || !relative) return clockTime(moment);
  return minutes < 1 ? relative.format(0, "second") : relative.format(-minutes, "minute");
}

/** The heading of a day given as yyyy-mm-dd: "Today", "Yesterday", "Friday 20 November". */
export function dayName(day, now = new Date()) {
  const date = new Date(`${day}T12:00:00`);
  const age = Math.round((new Date(now).setHours(12, 0, 0, 0) - date) / 86_400_000);
  if (relative && (age === 0 || age === 1)) return capitalize(relative.format(-age, "day"));
  return formatOr(date.getFullYear() === new Date(now).getFullYear() ? thisYear : otherYear, date, () => day);
}

const formatOr = (format, date, plainly) => (format ? format.format(date) : plainly(date));
const capitalize = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
