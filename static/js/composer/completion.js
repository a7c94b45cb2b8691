// Completes what is being typed: a list opens above the field, which is a combobox as long as it is open.

import { emit } from "../core/bus.js";
import { fillAvatar } from "../lib/avatars.js";
import { showEmoji } from "../lib/own_emoji.js";
import { insertText } from "../lib/text_field.js";
import { t } from "../lib/texts.js";
import { isComposing, typedWord } from "../lib/typed_word.js";
import { makeCompletionItems } from "./completion_items.js";

/** field: a text area; menu: where the list comes, which its `aria-controls` names. */
export function startCompletion(store, botName, field, menu) {
  const itemsFor = makeCompletionItems(store, botName, updateWithAnswer);
  let found = null; // {from, to, items}
  let at = 0;
  let isDismissed = false; // by Escape, until more is typed

  for (const name of ["input", "click"]) {
    field.addEventListener(name, () => {
      isDismissed = false;
      update();
    });
  }
  field.addEventListener("blur", () => setTimeout(() => document.activeElement !== field && hide(), 120));
  menu.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) insertItem(Number(option.dataset.at));
  });
  // Before the composer, which sends on Enter.
  field.addEventListener("keydown", handleKey, { capture: true });
  update(); // for what was typed before this was loaded

  function handleKey(event) {
    if (!found || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select((at + step + found.items.length) % found.items.length);
    else if (event.key === "Enter" && (isWhole() || event.shiftKey)) return hide(); // nothing to complete
    else if (event.key === "Enter" || event.key === "Tab") insertItem(at);
    else if (event.key === "Escape") dismiss();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const isWhole = () => field.value.slice(found.from, found.to).toLowerCase() === found.items[at].insert.toLowerCase();

  function update() {
    if (field.readOnly) return hide();
    const before = field.value.slice(0, field.selectionStart);
    const word = typedWord(before);
    const items = word && (word.sign !== "/" || field.id === "composer-text")
      ? itemsFor(word.sign, word.query, before)
      : [];
    if (!items.length) return hide();
    found = { from: before.length - word.query.length - 1, to: before.length, items };
    show();
  }

  /** There is more about what is still being typed. What was chosen stays so. */
  function updateWithAnswer(sign, query) {
    const word = typedWord(field.value.slice(0, field.selectionStart));
    if (isDismissed || document.activeElement !== field || word?.sign !== sign || word.query !== query) return;
    const chosen = at > 0 && found?.items[at].insert;
    update();
    const place = found?.items.findIndex(({ insert }) => insert === chosen) ?? -1;
    if (place > 0) select(place);
  }

  function show() {
    const before = menu.hidden ? 0 : menu.childElementCount;
    menu.replaceChildren(...found.items.map((item, index) => optionOf(item, index, menu.id)));
    menu.hidden = false;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "true");
    select(0);
    if (before !== found.items.length) emit("announce", { text: t("paletteHits", { count: found.items.length }) });
  }

  function select(index) {
    at = index;
    [...menu.children].forEach((option, each) => option.setAttribute("aria-selected", each === at));
    menu.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", menu.children[at].id);
  }

  function insertItem(index) {
    const { from, to, items } = found;
    hide();
    insertText(field, `${items[index].insert} `, from, to);
  }

  function dismiss() {
    isDismissed = true;
    hide();
  }

  function hide() {
    found = null;
    menu.hidden = true;
    for (const name of ["role", "aria-expanded", "aria-activedescendant"]) field.removeAttribute(name);
  }
}

function optionOf({ label, note, person, emoji }, index, list) {
  const option = document.createElement("div");
  option.id = `${list}-${index}`;
  option.dataset.at = index;
  option.setAttribute("role", "option");
  if (person) {
    const avatar = part("avatar small", "");
    avatar.setAttribute("aria-hidden", "true");
    fillAvatar(avatar, person);
    option.append(avatar);
  }
  if (emoji) {
    const sign = part("menu-sign", "");
    showEmoji(sign, emoji);
    option.append(sign);
  }
  option.append(part("menu-name", label));
  if (person?.bot) option.append(part("tag", t("bot")));
  if (note) option.append(part("muted", note));
  return option;
}

const part = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });
