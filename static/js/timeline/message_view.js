// One message on the page: the server's partial `rooms/_message.html` is the template that is filled here.

import { formatInPageLanguage } from "../lib/formats.js";
import { fillAvatar } from "../lib/avatars.js";
import { shownName } from "../lib/people.js";
import { errorText, noteText, noticeText, t } from "../lib/texts.js";
import { isEmojiOnly } from "../lib/message_text.js";
import { clockTime, exactTime, shortTime } from "../lib/times.js";
import { setHtml } from "../lib/trusted_html.js";
import { showAuthorStatus } from "./author_status.js";
import { numberCitations } from "./citations.js";
import { showWhole } from "./code_blocks.js";
import { enhance } from "./enhance.js";
import { fillFiles } from "./file_list.js";
import { fillReactions } from "./reactions.js";
import { fillReplyRow } from "./reply_row.js";
import { fillThoughts } from "./thoughts.js";
import { showFinishedText, showStreamingText } from "./streaming_text.js";

const template = () => document.getElementById("message-template");
const failedTemplate = () => document.getElementById("failed-template");
const uploadingTemplate = () => document.getElementById("uploading-template");
const editedTemplate = () => document.getElementById("edited-template");
const shownByNode = new WeakMap(); // node → the {message, blocked} that it shows

export const createMessageNode = () => document.importNode(template().content.firstElementChild, true);

/** Adopt a node that the server rendered. Its HTML is added to the message. */
export function adoptServerNode(node, message, { me, blocked }) {
  node.querySelector(".edited")?.remove();
  message.html = node.querySelector(".text").innerHTML;
  shownByNode.set(node, { message, blocked });
  if (message.state === "streaming") fillText(node, message, undefined, me);
  fillTime(node, message);
  fillReactions(node, message, { me, blocked });
  fillEdited(node, message);
  enhance(node, me);
  numberCitations(node);
}

/**
 * Render a message. Changes only what differs from what the node shows.
 * position: in the bot's queue. progress: what the bot does before its first word. live: whether commands can be sent.
 * thoughts: what its model has said of them: {text, seconds}. status: its author, if they are here.
 */
export function renderMessage(node, message, { me, room, position, progress, thoughts, blocked, status, live = true }) {
  const { message: before, blocked: without } = shownByNode.get(node) ?? {};
  if (before !== message || without !== blocked) {
    shownByNode.set(node, { message, blocked });
    if (
      before?.id !== message.id ||
      ["id", "name", "display_name", "avatar"].some((key) => before.sender[key] !== message.sender[key])
    ) {
      fillHead(node, message, me);
    }
    fillText(node, message, before, me);
    fillQuote(node, message, blocked);
    if (before?.reactions !== message.reactions || without !== blocked) fillReactions(node, message, { me, blocked });
    fillEdited(node, message);
    fillFiles(node.querySelector(".files"), message, before);
    node.querySelector(".pin-mark").hidden = !message.pinned;
    node.querySelector(".note").textContent = noteText(message);
    node.classList.toggle("deleted", message.deleted);
    node.classList.toggle("for-me", message.mentions.includes(me.id));
    node.dataset.state = message.state;
  }
  fillStatus(node.querySelector(".status"), message, { position, progress });
  showAuthorStatus(node, status);
  if (message.kind === "bot") fillThoughts(node, message, thoughts);
  if (message.kind === "bot") fillReplyRow(node.querySelector(".reply-row"), message, { me, room, live });
}

export function refreshTime(node) {
  const shown = shownByNode.get(node);
  if (shown) fillTime(node, shown.message);
}

/** A continuation of the message above has no head, only the time of day. */
export function setContinuation(node, follows) {
  if (node.classList.contains("follows") === follows) return;
  node.classList.toggle("follows", follows);
  refreshTime(node);
}

function fillHead(node, message, me) {
  node.id = `m${message.id}`;
  node.dataset.id = message.id;
  node.setAttribute("aria-labelledby", `a${message.id} w${message.id}`);
  node.classList.toggle("mine", message.sender.id === me.id);
  node.classList.toggle("is-bot", message.kind === "bot");
  node.classList.toggle("is-notice", message.kind === "notice");
  fillAvatar(node.querySelector(".avatar"), message.sender);
  const author = node.querySelector(".author");
  author.id = `a${message.id}`;
  author.textContent = shownName(message.sender);
  author.dataset.name = message.sender.name;
  author.href = `/people/${encodeURIComponent(message.sender.name)}/`;
  fillTime(node, message);
}

function fillTime(node, message) {
  const time = node.querySelector("time");
  time.dateTime = message.created;
  setText(time, node.classList.contains("follows") ? clockTime(message.created) : shortTime(message.created));
  const link = node.querySelector(".when");
  link.id = `w${message.id}`;
  link.title = exactTime(message.created);
  link.setAttribute("href", `#m${message.id}`);
}

function fillText(node, message, before, me) {
  const text = node.querySelector(".text");
  const said = noticeText(message);
  const streams = message.state === "streaming" && !message.deleted;
  const plain = !streams && (said || message.pending || !message.html);
  text.classList.toggle("plain", Boolean(plain));
  text.classList.toggle("emoji", Boolean(plain) && !said && isEmojiOnly(message.message));
  // What somebody has seen being written is not collapsed when it ends.
  const enhanceWhole = (fragment) => (enhance(fragment, me), showWhole(fragment));
  if (streams) showStreamingText(text, message, enhanceWhole);
  else if (plain) setPlain(text, message.deleted ? "" : said ?? message.message);
  else if (before?.state === "streaming") showFinishedText(text, message.html, enhanceWhole);
  else if (before?.html !== message.html || before.pending) {
    setHtml(text, message.html);
    enhance(node, me);
  }
  numberCitations(text);
}

/** The mark of an edited message, after its last word; rooms/web/render_cache.py does the same. */
function fillEdited(node, { edited, deleted }) {
  node.querySelector(".edited")?.remove();
  if (!edited || deleted) return;
  const mark = editedTemplate().content.cloneNode(true);
  mark.firstElementChild.title = exactTime(edited);
  const text = node.querySelector(".text");
  (text.lastElementChild?.matches("p") ? text.lastElementChild : text).append(mark);
}

/** Append to the text node where possible, so that streaming neither flickers nor loses a selection. */
function setPlain(text, words) {
  const node = text.firstChild;
  const only = node?.nodeType === Node.TEXT_NODE && !node.nextSibling;
  if (only && words.startsWith(node.data)) {
    if (words.length > node.length) node.appendData(words.slice(node.length));
  } else text.textContent = words;
}

function fillQuote(node, { reply_to: quoted, deleted }, blocked) {
  const quote = node.querySelector(".quote");
  quote.hidden = !quoted || deleted;
  if (quote.hidden) return;
  quote.setAttribute("href", `#m${quoted.id}`);
  quote.querySelector("b").textContent = quoted.sender_display_name || quoted.sender;
  quote.querySelector("span").textContent = blocked.has(quoted.sender_id)
    ? t("foldedQuote")
    : quoted.excerpt || t("deleted");
}

function fillStatus(status, message, { position, progress }) {
  const offer = { failed: failedTemplate(), uploading: uploadingTemplate() }[message.pending] ?? null;
  // Keep the same node for the same offer: it may have the focus or a pointer pressed on it.
  const kind = offer?.id ?? "";
  if (status.dataset.offer !== kind) {
    status.dataset.offer = kind;
    status.replaceChildren("", ...(offer ? [" ", offer.content.cloneNode(true)] : []));
  }
  const words = statusOf(message, position, progress);
  if (status.firstChild.data !== words) status.firstChild.data = words;
}

function statusOf(message, position, progress) {
  if (message.deleted) return t("deleted");
  if (message.pending === "failed") return t("notSent", { why: errorText(message.why ?? {}) }).trim();
  if (message.pending === "uploading") return t("sendingFiles", { percent: message.percent ?? 0 });
  if (message.state === "queued") {
    return position > 1 ? t("inLine", { place: ordinal(position) }) : t(position ? "nextInLine" : "thinking");
  }
  if (message.state === "streaming" && !message.message) return progress ? progressText(progress) : t("thinking");
  if (message.state === "stopped") return message.note ? "" : t("stopped");
  if (message.state === "failed") return message.note ? "" : t("noReply");
  return "";
}

function progressText({ doing, seconds, tokens }) {
  if (doing === "reading" && tokens) return t("readingTokens", { count: tokens });
  return seconds ? t("thinkingFor", { seconds }) : t("thinking");
}

const ordinals = formatInPageLanguage("PluralRules", { type: "ordinal" }) ?? { select: () => "other" };
const ordinal = (position) => t(`ordinal_${ordinals.select(position)}`, { place: position });

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
