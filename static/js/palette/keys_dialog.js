// The dialog of keys: what each does on this page, which commands there are, how messages are formatted.

import { on } from "../core/bus.js";
import { activeKeys, GROUPS, keyCaps, singleKeys } from "../core/keys.js";
import { COMMANDS } from "../lib/slash_commands.js";
import { t } from "../lib/texts.js";

const MARKUP = [["markMention", "@…"], ["markRoom", "#…"], ["markEmoji", ":…:"]];

export function startKeysDialog() {
  const dialog = document.getElementById("keys");
  const tables = dialog.querySelector(".keys-tables");
  const letters = dialog.querySelector("input");

  letters.addEventListener("change", () => singleKeys.set(letters.checked));
  dialog.addEventListener("click", ({ target }) => target.closest("[data-close]") && dialog.close());
  on("show-keys", () => {
    if (dialog.open) return dialog.close();
    letters.checked = singleKeys.get();
    tables.replaceChildren(
      ...GROUPS.map(makeKeys),
      makeTable(
        t("palette_commands"),
        COMMANDS.map(([name, key]) => makeMarkup([key, `/${name}`])),
      ),
    );
    dialog.showModal();
  });
}

function makeKeys(group) {
  const rows = activeKeys().filter((row) => row.group === group).map(({ id, combos, sign }) =>
    makeRow(t(`key_${id}`), [
      ...(sign ? [element("code", sign), " "] : []),
      ...combos.flatMap((combo, at) => [...(at ? [` ${t("or")} `] : []), ...capsOf(combo)]),
    ])
  );
  return makeTable(t(`keys_${group}`), group === "format" ? [...rows, ...MARKUP.map(makeMarkup)] : rows);
}

const capsOf = (combo) =>
  keyCaps(combo, (key) => t(`cap_${key}`)).flatMap((cap, at) => [at ? " " : "", element("kbd", cap)]);

const makeMarkup = ([key, sign]) => makeRow(t(key), [element("code", sign)]);

function makeTable(title, rows) {
  if (!rows.length) return "";
  const table = element("table");
  table.append(element("caption", title), element("tbody"));
  table.lastChild.append(...rows);
  return table;
}

function makeRow(text, keys) {
  const row = element("tr");
  const name = element("th", text);
  name.scope = "row";
  const cell = element("td");
  cell.append(...keys);
  row.append(name, cell);
  return row;
}

const element = (name, textContent = "") => Object.assign(document.createElement(name), { textContent });
