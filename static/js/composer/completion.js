// Completes what is being typed: @ people and bots, : emoji, / commands.

import { call } from "../core/api.js";
import { makeLookup } from "../lib/lookup.js";
import { COMMANDS } from "../lib/slash_commands.js";
import { matchPeople } from "../lib/name_matching.js";
import { fillAvatar } from "../lib/avatars.js";
import { t } from "../lib/texts.js";
import { isComposing, typedWord } from "../lib/typed_word.js";

const MAX_ITEMS = 8;

export function startCompletion(store, botName) {
  const field = document.getElementById("composer-text");
  const menu = document.getElementById("completion");
  const { me, room } = store.state;
  const address = `/api/rooms/${encodeURIComponent(room.name)}/members`;
  const members = makeLookup((q, signal) => call("GET", `${address}?${new URLSearchParams({ q })}`, undefined, signal));
  let found = null; // {from, to, items}
  let at = 0;
  let findEmoji = null;
  let isDismissed = false; // by Escape, until more is typed

  for (const name of ["input", "click"]) {
    field.addEventListener(name, () => {
      isDismissed = false;
      update();
    });
  }
  field.addEventListener("blur", () => setTimeout(hide, 120));
  menu.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) insertItem(Number(option.dataset.at));
  });
  // Before the composer, which sends on Enter.
  field.addEventListener("keydown", handleKey, { capture: true });

  function handleKey(event) {
    if (!found || isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select((at + step + found.items.length) % found.items.length);
    else if (event.key === "Enter" && isWhole()) return hide(); // nothing to complete: it sends
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
    const items = word ? itemsFor(word.sign, word.query, before) : [];
    if (!items.length) return hide();
    found = { from: before.length - word.query.length - 1, to: before.length, items };
    show();
  }

  function itemsFor(sign, query, before) {
    if (sign === "@") return people(query);
    if (sign === ":") {
      return query.length < 2
        ? []
        : emoji(query).map(({ emoji, name }) => ({ insert: emoji, label: `${emoji} :${name}` }));
    }
    if (before.trimStart().length !== query.length + 1) return []; // a command stands at the beginning
    return COMMANDS.filter(([name]) => name.startsWith(query)).map(([name, key]) => ({
      insert: `/${name}`,
      label: `/${name}`,
      note: t(key),
    }));
  }

  /** Of those that the query means; none until they are loaded, which not every visit needs. */
  function emoji(query) {
    if (findEmoji) return findEmoji(query, MAX_ITEMS);
    import("../lib/emoji.js").then((loaded) => {
      findEmoji = loaded.findEmoji;
      update();
    }, () => {}); // away: the next letter asks again
    return [];
  }

  /** Who the page knows at once, and all members when the server has told who they are. */
  function people(query) {
    const { online, messages, blocked } = store.state;
    const answer = members.get(query);
    if (!answer && room.kind !== "direct") members.want(query).then((late) => late && updateWithAnswer(query));
    const known = new Map([[botName, { id: 0, name: botName, bot: true }]]);
    const shown = [
      ...(room.with ? [room.with] : []),
      ...[...messages.values()].map(({ sender }) => sender),
      ...online.values(),
    ];
    for (const person of [...(answer?.members ?? []), ...shown]) known.set(person.name, person);
    known.delete(me.name);
    const others = [...known.values()].filter(({ id }) => !blocked.has(id));
    return matchPeople(others, query, ({ id }) => online.has(id))
      .slice(0, MAX_ITEMS)
      .map((person) => ({ insert: `@${person.name}`, label: person.name, person }));
  }

  /** The server has told more about what is still being typed. What was chosen stays so. */
  function updateWithAnswer(query) {
    const word = typedWord(field.value.slice(0, field.selectionStart));
    if (isDismissed || document.activeElement !== field || word?.sign !== "@" || word.query !== query) return;
    const chosen = at > 0 && found?.items[at].insert;
    update();
    const place = found?.items.findIndex(({ insert }) => insert === chosen) ?? -1;
    if (place > 0) select(place);
  }

  function show() {
    menu.replaceChildren(...found.items.map(optionOf));
    menu.hidden = false;
    select(0);
  }

  function optionOf({ label, note, person }, index) {
    const option = document.createElement("div");
    option.id = `completion-${index}`;
    option.dataset.at = index;
    option.setAttribute("role", "option");
    if (person) {
      const avatar = document.createElement("span");
      avatar.className = "avatar small";
      avatar.setAttribute("aria-hidden", "true");
      fillAvatar(avatar, person);
      option.append(avatar);
    }
    option.append(label);
    if (note) option.append(Object.assign(document.createElement("span"), { className: "muted", textContent: note }));
    return option;
  }

  function select(index) {
    at = index;
    [...menu.children].forEach((option, each) => option.setAttribute("aria-selected", each === at));
    menu.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `completion-${at}`);
  }

  function insertItem(index) {
    const { from, to, items } = found;
    hide();
    field.setRangeText(`${items[index].insert} `, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  function dismiss() {
    isDismissed = true;
    hide();
  }

  function hide() {
    found = null;
    menu.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }
}
