// Files of messages that come while the page is open: the server's partial `rooms/_file.html` is what is filled here.

import { formatInPageLanguage } from "../lib/formats.js";
import { reconcileChildren } from "../lib/reconcile_children.js";
import { t } from "../lib/texts.js";
import { fitted, kindOf, labelOf, largeOf, sizeParts } from "./kinds.js";

const oneDigit = formatInPageLanguage("NumberFormat", { minimumFractionDigits: 1, maximumFractionDigits: 1 }) ??
  { format: (value) => value.toFixed(1) };
const templates = () => document.getElementById("file-templates").content;
const shownByNode = new WeakMap(); // node → what it shows, as JSON

export function sizeWords(bytes) {
  const [value, unit] = sizeParts(bytes);
  return (unit ? `${oneDigit.format(value)} ${unit}` : t("bytes", { count: value })).replace(" ", "\u00a0");
}

/** Resolves when the page has the styles of files, or of what name says. */
export function loadStyles(name = "files") {
  const wanted = templates().querySelector(`link[title=${name}]`);
  const known = [...document.querySelectorAll("link[rel=stylesheet]")].some(({ href }) => href === wanted.href);
  if (known) return Promise.resolve();
  return new Promise((done) => {
    const link = document.importNode(wanted);
    link.removeAttribute("title"); // it would make it one of several to choose from
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

/** Show these files in a list. What has not changed keeps its node: it may be playing, or have the focus. */
export function drawCards(list, files) {
  const before = new Map([...list.children].map((node) => [shownByNode.get(node), node]));
  reconcileChildren(list, files.map((file) => before.get(JSON.stringify(file)) ?? cardOf(file)));
}

export function cardOf(file) {
  const kind = kindOf(file);
  const node = document.importNode(templates().querySelector(`[data-kind=${kind}]`), true);
  shownByNode.set(node, JSON.stringify(file));
  node.dataset.file = file.id;
  const words = file.alt || file.name;
  if (kind === "picture") {
    fillPicture(node, file, words);
    return node;
  }
  const player = node.querySelector("video, audio");
  if (player) {
    player.ariaLabel = words;
    if (file.url) player.src = file.url;
  }
  if (kind === "document") fillDocument(node, file);
  const link = node.querySelector(".file-card");
  setLink(link, file);
  link.download = file.name;
  link.querySelector(".file-label").textContent = labelOf(file.name);
  link.querySelector(".file-name").textContent = file.name;
  link.querySelector(".file-size").textContent = file.removed
    ? t("file_removed", { count: file.removed })
    : sizeWords(file.size);
  return node;
}

function fillDocument(node, { id, name, url, thumb, preview, beginning }) {
  const read = node.querySelector(".file-read");
  if (!beginning) read.remove();
  else if (url) Object.assign(read, { href: `/files/${id}/text/` }).dataset.panel = `file-${id}`;
  read.querySelector("span span").textContent = name;
  const [page, lines] = node.querySelectorAll(".file-page, .file-beginning");
  (thumb ? lines : page).remove();
  if (thumb) page.src = preview ?? thumb;
  else lines.textContent = beginning;
}

function fillPicture(node, file, words) {
  const link = node.querySelector("a");
  setLink(link, file);
  link.dataset.view = file.name;
  const { src, srcset } = largeOf(file);
  link.dataset.large = src;
  link.dataset.sizes = srcset;
  link.toggleAttribute("data-animated", Boolean(file.animated));
  const [blur, image] = node.querySelectorAll("img");
  if (file.blur) blur.src = file.blur;
  else blur.remove();
  Object.assign(image, fitted(file));
  image.alt = words;
  const small = file.thumb || file.url;
  if (file.preview) image.srcset = `${small}, ${file.preview} 2x`;
  else image.removeAttribute("srcset");
  image.src = small;
}

/** What has not been sent yet leads nowhere. */
function setLink(link, { url }) {
  if (url) link.href = url;
  else link.removeAttribute("href");
}
