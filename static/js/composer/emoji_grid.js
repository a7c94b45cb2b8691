// What is in the picker of emoji: those taken last, then all by group; or those that fit what is typed. The row of
// groups scrolls to them; below is the colour of the skin.

import { emojiOf, findEmoji, FREQUENT, GROUPS } from "../lib/emoji.js";
import { inMyTone, recentEmoji, rememberEmoji, setSkinTone, skinTone } from "../lib/emoji_choice.js";
import { findOwnEmoji, showEmoji } from "../lib/own_emoji.js";
import { t } from "../lib/texts.js";

const COLUMNS = 8;
const MOST_FOUND = 80;

/** choose(emoji). Returns {show(withOwn): what fits the field, first(): the first button}. */
export function startEmojiGrid(box, choose) {
  const field = box.querySelector("input");
  const grid = box.querySelector(".emoji-grid");
  const [tabs, tones] = [box.querySelector(".emoji-groups"), box.querySelector(".emoji-tones")];
  const first = () => grid.querySelector("button");
  let findOwn = findOwnEmoji;

  const ownTab = makeButton("", t("emoji_own"), { group: "own" });
  tabs.append(
    ownTab,
    ...GROUPS.map(({ name, emoji }) => makeButton(emoji[0].emoji, t(`emoji_${name}`), { group: name })),
  );
  tones.append(
    ...[0, 1, 2, 3, 4, 5].map((at) => makeButton(inMyTone(emojiOf("✋"), at), t(`tone_${at}`), { tone: at })),
  );
  markTone();
  tabs.addEventListener("click", ({ target }) => {
    const { group } = target.closest("button")?.dataset ?? {};
    if (!group) return;
    if (field.value) showAll();
    field.value = "";
    grid.querySelector(`[data-group=${group}]`).scrollIntoView({ block: "start" });
  });
  tones.addEventListener("click", ({ target }) => {
    const { tone } = target.closest("button")?.dataset ?? {};
    if (!tone) return;
    setSkinTone(Number(tone));
    markTone();
    refill();
  });
  grid.addEventListener("click", ({ target }) => {
    const emoji = target.closest("button")?.dataset.emoji;
    if (!emoji) return;
    rememberEmoji(emoji);
    choose(emoji);
  });
  grid.addEventListener("keydown", (event) => {
    const next = neighbour(event.target, event.key);
    if (next === undefined) return;
    event.preventDefault();
    (next ?? field).focus();
  });
  return { show, first };

  function show(withOwn) {
    findOwn = withOwn ? findOwnEmoji : () => [];
    refill();
  }

  function refill() {
    const query = field.value.trim();
    if (!query) return showAll();
    const found = [...findOwn(query).map(entryOf), ...findEmoji(query, MOST_FOUND)];
    grid.replaceChildren(makeGroup("found", t("emoji_found"), found));
  }

  function showAll() {
    const own = findOwn();
    ownTab.hidden = !own.length;
    if (own.length) showEmoji(ownTab, own[0]);
    const frequent = FREQUENT.map((emoji) => inMyTone(emojiOf(emoji)));
    const recent = recentEmoji().filter((sign) => isKnown(sign) || own.includes(sign));
    const last = [...new Set([...recent, ...frequent])].slice(0, 2 * COLUMNS);
    grid.replaceChildren(
      makeGroup("recent", t("palette_recent"), last.map((emoji) => ({ emoji, label: emojiOf(emoji)?.label ?? emoji }))),
      ...(own.length ? [makeGroup("own", t("emoji_own"), own.map(entryOf))] : []),
      ...GROUPS.map(({ name, emoji }) => makeGroup(name, t(`emoji_${name}`), emoji)),
    );
    grid.scrollTop = 0;
  }

  function markTone() {
    for (const button of tones.children) {
      button.setAttribute("aria-pressed", Number(button.dataset.tone) === skinTone());
    }
  }
}

// Kept by a page of another version, or with the colour of a skin.
const isKnown = (emoji) => emojiOf(emoji) || /[\u{1f3fb}-\u{1f3ff}]/u.test(emoji);

const entryOf = (sign) => ({ emoji: sign, label: sign });

function makeGroup(name, title, emoji) {
  const box = document.createElement("div");
  box.className = "emoji-group";
  box.dataset.group = name;
  box.style.setProperty("--rows", Math.ceil(emoji.length / COLUMNS));
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  const head = Object.assign(document.createElement("p"), { textContent: title });
  head.setAttribute("aria-hidden", "true");
  box.append(head, ...emoji.map((each) => makeButton(inMyTone(each), each.label, { emoji: inMyTone(each) })));
  return box;
}

function makeButton(text, label, data) {
  const button = Object.assign(document.createElement("button"), { type: "button", title: label });
  showEmoji(button, text);
  button.setAttribute("aria-label", label);
  Object.assign(button.dataset, data);
  return button;
}

/** The button that an arrow key leads to; null: above the first one; undefined: another key. */
function neighbour(button, key) {
  const all = [...button.closest(".emoji-grid").querySelectorAll("button")];
  if (key === "ArrowRight") return all[all.indexOf(button) + 1] ?? button;
  if (key === "ArrowLeft") return all[all.indexOf(button) - 1] ?? null;
  const step = { ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[key];
  if (!step) return undefined;
  const row = [...button.parentNode.querySelectorAll("button")];
  const at = row.indexOf(button);
  if (row[at + step]) return row[at + step];
  const isInLastRow = Math.floor(at / COLUMNS) === Math.floor((row.length - 1) / COLUMNS);
  if (step > 0 && !isInLastRow) return row.at(-1);
  const beside = step > 0 ? button.parentNode.nextElementSibling : button.parentNode.previousElementSibling;
  if (!beside) return step > 0 ? button : null;
  const others = [...beside.querySelectorAll("button")];
  const column = at % COLUMNS;
  if (step > 0) return others[column] ?? others.at(-1);
  return others[Math.floor((others.length - 1) / COLUMNS) * COLUMNS + column] ?? others.at(-1);
}
