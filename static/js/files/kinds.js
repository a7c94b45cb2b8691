// How the page shows a file; rooms/web/file_cards.py decides the same for what the server renders. Pure.

const BOX = { width: 360, height: 240 }; // pixels: what a picture may take at most
const PREVIEW = 1080; // pixels: the longer side of the larger of the two small pictures
const SMALL = 3 * 1024 * 1024; // bytes of a picture that is shown itself, for as long as there is no smaller one
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);
const VIDEO = new Set(["video/mp4", "video/webm"]);
const AUDIO = new Set(["audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "audio/webm"]);
const DOCUMENTS = new Set(["application/pdf", "text/plain", "text/html"]);
const UNITS = ["KB", "MB", "GB"];

export function kindOf({ type, size, width, height, thumb, beginning, removed }) {
  if (removed) return "other";
  if (DOCUMENTS.has(type)) return thumb || beginning ? "document" : "other";
  if (width && height && (thumb || (PICTURES.has(type) && size <= SMALL))) return "picture";
  return VIDEO.has(type) ? "video" : AUDIO.has(type) ? "audio" : "other";
}

/** The size at which a picture fits into the box; never larger than the picture itself. */
export function fitted({ width, height }) {
  const scale = Math.min(1, BOX.width / width, BOX.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What is shown of a picture that fills the window: {src}, and a srcset where there are several. */
export function largeOf({ type, url, width, height, thumb, preview, animated }) {
  if (!PICTURES.has(type)) return { src: preview ?? thumb, srcset: "" }; // browsers do not know it
  if (animated || !preview) return { src: url, srcset: "" };
  const shown = Math.round(width * Math.min(1, PREVIEW / Math.max(width, height)));
  return { src: url, srcset: `${preview} ${shown}w, ${url} ${width}w` };
}

/** The extension of a name, by which people know the kind of a file. */
export function labelOf(name) {
  const end = name.includes(".", 1) ? name.slice(name.lastIndexOf(".") + 1) : "";
  return /^[\p{L}\p{N}]{1,4}$/u.test(end) ? end.toUpperCase() : "";
}

/** A size as [number, unit]; of less than a kilobyte the unit is "". */
export function sizeParts(bytes) {
  if (bytes < 1024) return [bytes, ""];
  const power = Math.min(UNITS.length, Math.floor(Math.log(bytes) / Math.log(1024)));
  return [bytes / 1024 ** power, UNITS[power - 1]];
}
