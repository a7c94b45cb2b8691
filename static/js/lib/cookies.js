// What this browser keeps for the server, so that pages are right when they are painted first.

const YEAR = 31_536_000; // seconds

/** value: "" removes the cookie. */
export function keepCookie(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax${secure}`;
}
