// What the browser writes in a language: numbers, times, lists. Some browsers report a language that is none (`C`,
// `en-US@posix`), and some lack a part of Intl; nothing may fail for that, so each format has something to fall back on.

export const language = usable(globalThis.document?.documentElement?.lang) ?? "en";
const place = usable(globalThis.navigator?.language) ?? language; // where times and numbers are written as at home

/** The language as Intl knows it, or null. */
function usable(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** An Intl.<kind> in the page's language, or null where there is none. */
export const inLanguage = (kind, options) => made(kind, language, options);

/** The same as it is written where the reader is. */
export const inPlace = (kind, options) => made(kind, place, options) ?? made(kind, language, options);

function made(kind, locale, options) {
  try {
    return new Intl[kind](locale, options);
  } catch {
    return null;
  }
}

/** A number as the reader writes it. */
export const number = (value, options) => inPlace("NumberFormat", options)?.format(value) ?? String(value);

/** The time zone as the IANA calls it; nothing when the browser does not say. */
export function timeZone() {
  const zone = inLanguage("DateTimeFormat")?.resolvedOptions().timeZone ?? "";
  return /^[\w+/-]+$/.test(zone) ? zone : "";
}
