// Tables of keys: what each does, which commands there are, how messages are formatted.

import { GROUPS, keyCaps } from "../core/keys.js";
import { COMMANDS } from "../lib/slash_commands.js";
import { t } from "../lib/texts.js";

const MARKUP = [["markMention", "@…"], ["markRoom", "#…"], ["markEmoji", ":…:"]];

/** keys: rows of core/keys.js. */
export function keysTables(keys) {
  return [
    ...GROUPS.map((group) => makeKeys(group, keys.filter((row) => row.group === group))),
    makeTable(t("palette_commands"), COMMANDS.map(([name, key]) => makeMarkup([key, `/${name}`]))),
  ];
}

function makeKeys(group, keys) {
  const rows = keys.map(({ id, combos, sign }) =>
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
