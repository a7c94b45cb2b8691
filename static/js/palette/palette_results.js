// The results in the palette: rows in groups, the first one marked; arrow keys and Enter.

import { call } from "../core/api.js";
import { activeKeys, runKey } from "../core/keys.js";
import { makeLookup } from "../lib/lookup.js";
import { t } from "../lib/texts.js";
import { isComposing } from "../lib/typed_word.js";
import { listedPages, listedRooms } from "./page_lists.js";
import { groupsFor } from "./palette_matches.js";
import { parseQuery } from "./palette_query.js";
import { makeRow } from "./palette_row.js";

/** people(): whom the page knows. Returns {show(): the dialog was opened}. */
export function startPaletteResults(dialog, people) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const lookup = makeLookup((q, signal) => call("GET", `/api/jump?${new URLSearchParams({ q })}`, undefined, signal));
  const typed = () => field.value.trim();
  let answered = Promise.resolve();
  let hasMoved = false; // the person has chosen a row: it stays chosen when the server answers
  let listed = [];

  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move(step);
    else if (event.key === "Enter") chooseWhenAnswered();
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", ({ target }) => {
    const row = target.closest("[role=option]");
    if (row && row.getAttribute("aria-selected") !== "true") hasMoved = select(row);
  });
  list.addEventListener("click", (event) => {
    const { command } = event.target.closest("[role=option]")?.dataset ?? {};
    if (command) setTimeout(() => runKey(command)); // once the dialog is closed
  });
  show();
  return { show };

  function show() {
    listed = listedRooms(dialog.dataset.me);
    update();
  }

  function update() {
    const text = typed();
    hasMoved = false;
    draw(text);
    const { sign, name } = parseQuery(text);
    answered = name && sign !== ">"
      ? lookup.want(text).then(() => typed() === text && draw(text, true))
      : Promise.resolve();
  }

  function draw(text, isAnswer = false) {
    const chosen = hasMoved && selected()?.id;
    const groups = groupsFor(text, {
      listed: text ? listed : listed.filter(({ isOpen }) => !isOpen),
      people: people(),
      found: lookup.get(text),
      commands: [...listedPages(), ...commands()],
      mayCreate: Boolean(document.getElementById("new-room")), // the page has it for those who may
    });
    list.replaceChildren(...groups.map(makeGroup));
    const rows = options();
    field.setAttribute("aria-expanded", rows.length > 0);
    select(rows.find(({ id }) => id === chosen) ?? rows[0]);
    if (isAnswer) status.textContent = t("paletteHits", { count: rows.length });
  }

  function move(step) {
    const rows = options();
    if (rows.length) hasMoved = select(rows.at((rows.indexOf(selected()) + step) % rows.length));
  }

  function select(row) {
    for (const each of options()) each.setAttribute("aria-selected", each === row);
    row?.scrollIntoView({ block: "nearest" });
    if (row) field.setAttribute("aria-activedescendant", row.id);
    else field.removeAttribute("aria-activedescendant");
    return true;
  }

  /** Whoever types and presses Enter at once means what the server will find. */
  async function chooseWhenAnswered() {
    const text = typed();
    if (!hasMoved) await answered;
    if (dialog.open && typed() === text) selected()?.click();
  }

  function options() {
    return [...list.querySelectorAll("[role=option]")];
  }

  function selected() {
    return list.querySelector("[aria-selected=true]");
  }
}

const RUNNING = "#log .is-bot:is([data-state=queued], [data-state=streaming])";

/** What can be done now: there may be no answer to stop. */
const commands = () =>
  activeKeys().filter(({ id, command }) => command && (id !== "stop" || document.querySelector(RUNNING))).map((
    row,
  ) => ({ ...row, title: t(`key_${row.id}`) }));

function makeGroup({ group, items }) {
  const box = document.createElement("div");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", t(`palette_${group}`));
  const title = Object.assign(document.createElement("p"), {
    textContent: t(`palette_${group}`),
  });
  title.setAttribute("aria-hidden", "true");
  box.append(title, ...items.map(makeRow));
  return box;
}
