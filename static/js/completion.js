// Completes what is being typed: @ people and bots, : emoji, / commands.

import { fillAvatar } from "./people.js";
import { t } from "./texts.js";
import { composes, typedWord } from "./typed_word.js";

const MOST = 8;
const COMMANDS = [["me", "commandMe"], ["topic", "commandTopic"], ["invite", "commandInvite"], ["help", "commandHelp"]];

export function startCompletion(store, botName) {
  const field = document.getElementById("composer-text");
  const menu = document.getElementById("completion");
  let found = null; // {from, to, items}
  let at = 0;
  let findEmoji = null;

  field.addEventListener("input", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", () => setTimeout(hide, 120));
  menu.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) take(Number(option.dataset.at));
  });
  // Before the composer, which sends on Enter.
  field.addEventListener("keydown", keyed, { capture: true });

  function keyed(event) {
    if (!found || composes(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select((at + step + found.items.length) % found.items.length);
    else if (event.key === "Enter" && isWhole()) return hide(); // nothing to complete: it sends
    else if (event.key === "Enter" || event.key === "Tab") take(at);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const isWhole = () => field.value.slice(found.from, found.to).toLowerCase() === found.items[at].insert.toLowerCase();

  function look() {
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
    if (sign === ":") return query.length < 2 ? [] : emoji(query).map(({ emoji, name }) => ({ insert: emoji, label: `${emoji} :${name}` }));
    if (before.trimStart().length !== query.length + 1) return []; // a command stands at the beginning
    return COMMANDS.filter(([name]) => name.startsWith(query)).map(([name, key]) => ({ insert: `/${name}`, label: `/${name}`, note: t(key) }));
  }

  /** Of those that the query means; none until they are loaded, which not every visit needs. */
  function emoji(query) {
    if (findEmoji) return findEmoji(query, MOST);
    import("./emoji.js").then((loaded) => {
      findEmoji = loaded.findEmoji;
      look();
    }, () => {}); // away: the next letter asks again
    return [];
  }

  function people(query) {
    const { online, messages, me, room, blocked } = store.state;
    const known = new Map([[botName, { id: 0, name: botName, bot: true }]]);
    for (const person of [...(room.with ? [room.with] : []), ...[...messages.values()].map(({ sender }) => sender), ...online.values()]) known.set(person.name, person);
    known.delete(me.name);
    const wanted = query.toLowerCase();
    return [...known.values()]
      .filter(({ id, name }) => name.toLowerCase().startsWith(wanted) && !blocked.has(id))
      .sort((a, b) => Number(online.has(b.id)) - Number(online.has(a.id)) || a.name.localeCompare(b.name))
      .slice(0, MOST)
      .map((person) => ({ insert: `@${person.name}`, label: person.name, person }));
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
    if (note) option.append(Object.assign(document.createElement("span"), { className: "quiet", textContent: note }));
    return option;
  }

  function select(index) {
    at = index;
    [...menu.children].forEach((option, each) => option.setAttribute("aria-selected", each === at));
    menu.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `completion-${at}`);
  }

  function take(index) {
    const { from, to, items } = found;
    hide();
    field.setRangeText(`${items[index].insert} `, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  function hide() {
    found = null;
    menu.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }
}
