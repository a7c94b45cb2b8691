// Moments as a person in this place reads them.

const locale = navigator.language;
const language = document.documentElement.lang || "en";
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });
const thisYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "long" });

export const clockTime = (moment) => clock.format(new Date(moment));
export const exactTime = (moment) => exact.format(new Date(moment));

/** "5 minutes ago" within the hour, else the time of day. */
export function shortTime(moment, now = Date.now()) {
  const minutes = Math.floor((now - new Date(moment)) / 60_000);
  if (minutes >= 60 || minutes < 0) return clockTime(moment);
  return minutes < 1 ? relative.format(0, "second") : relative.format(-minutes, "minute");
}

/** The heading of a day given as yyyy-mm-dd: "Today", "Yesterday", "Friday 20 November". */
export function dayName(day, now = new Date()) {
  const date = new Date(`${day}T12:00:00`);
  const age = Math.round((new Date(now).setHours(12, 0, 0, 0) - date) / 86_400_000);
  if (age === 0 || age === 1) return capital(relative.format(-age, "day"));
  return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date);
}

const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
