// What the browser writes in a language: numbers, times, lists. Some browsers report a language that is none (`C`,
// `en-US@posix`), and some lack a part of Intl; nothing may fail for that, so each format has something to fall back on.

export const language = canonicalLocale(globalThis.document?.documentElement?.lang) ?? "en";
const readerLocale = canonicalLocale(globalThis.navigator?.language) ?? language; // for times and numbers

/** The language as Intl knows it, or null. */
function canonicalLocale(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** An Intl.<kind> in the page's language, or null where there is none. */
export const formatInPageLanguage = (kind, options) => createFormat(kind, language, options);

/** The same in the reader's own locale. */
export const formatInReaderLocale = (kind, options) =>
  createFormat(kind, readerLocale, options) ?? createFormat(kind, language, options);

function createFormat(kind, locale, options) {
  try {
    return new Intl[kind](locale, options);
  } catch {
    return null;
  }
}

/** A number as the reader writes it. */
export const number = (value, options) => formatInReaderLocale("NumberFormat", options)?.format(value) ?? String(value);

/** The time zone as the IANA calls it; nothing when the browser does not say. */
export function timeZone() {
  const zone = formatInPageLanguage("DateTimeFormat")?.resolvedOptions().timeZone ?? "";
  return /^[\w+/-]+$/.test(zone) ? zone : "";
}
