// The server's own emoji: `:name:` stands for a picture. Which there are is asked for when somebody needs one.

import { call } from "../core/api.js";

const FRESH_MS = 60_000;
let images = new Map(); // ":name:" → address
let asked = null; // the answer that is on its way, or was the last
let askedAt = -Infinity;

/** Ask which there are, unless that was asked for a moment ago. Never rejects: without an answer, the last one holds. */
export function loadOwnEmoji(now = Date.now()) {
  if (now - askedAt < FRESH_MS) return asked;
  askedAt = now;
  return (asked = call("GET", "/api/emoji").then(
    ({ emoji }) => void (images = new Map(emoji.map(({ name, image }) => [`:${name}:`, image]))),
    () => void (askedAt = -Infinity),
  ));
}

export const isOwnEmoji = (sign) => images.has(sign);

/** Those whose name has a part that begins so, as ":name:". */
export function findOwnEmoji(query = "") {
  const wanted = query.toLowerCase();
  return [...images.keys()].filter((sign) =>
    sign.split(/[:_+-]/).concat(sign.slice(1)).some((each) => each.startsWith(wanted))
  );
}

/** Show an emoji of any kind: a sign, or the picture of one of ours as soon as it is known. */
export function showEmoji(node, sign) {
  if (node.firstChild?.alt === sign) return;
  node.textContent = sign;
  if (!sign.startsWith(":")) return;
  if (images.has(sign)) showImage(node, sign);
  else loadOwnEmoji().then(() => node.textContent === sign && images.has(sign) && showImage(node, sign));
}

function showImage(node, sign) {
  const image = Object.assign(document.createElement("img"), {
    className: "own-emoji",
    src: images.get(sign),
    alt: sign,
  });
  node.replaceChildren(image);
}
