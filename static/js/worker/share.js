// Keeps what another app shares with this one until the person chooses a room (static/js/inbox/share.js). Nothing goes
// to the server before that.

export const SHARED = "roundtable-shared";
export const ABOUT = "/share/what.json"; // {text, names}; the server has no such address, nor those of the files
export const fileAddress = (number) => `/share/files/${number}`;

const MOST_FILES = 10;
const MOST_TEXT = 8000; // characters

/** request: the POST with the shared content. Redirects to the page where the person chooses a room. */
export async function takeShared(request) {
  const form = await request.formData();
  const files = form.getAll("files").filter((each) => each instanceof File).slice(0, MOST_FILES);
  const texts = ["title", "text", "url"].map((name) => form.get(name)).filter((each) => typeof each === "string");
  const about = { text: textOf(texts), names: files.map(({ name }) => name) };
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  for (const [number, file] of files.entries()) await cache.put(fileAddress(number), new Response(file));
  await cache.put(ABOUT, new Response(JSON.stringify(about), { headers: { "Content-Type": "application/json" } }));
  return Response.redirect("/share/", 303);
}

/** One text from the fields of a share. Apps often repeat one field in another: each part is kept once. */
export function textOf(texts) {
  const parts = texts.map((each) => each.trim()).filter(Boolean);
  const all = parts.filter((each, at) =>
    !parts.some((other, place) => place !== at && includes(other, each, place < at))
  );
  return all.join("\n").slice(0, MOST_TEXT);
}

const includes = (other, text, isBefore) => other.includes(text) && (other !== text || isBefore);
