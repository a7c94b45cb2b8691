// How a reply came about, on demand: what the bot read, what it looked up, how long it took, its earlier answers.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { number } from "../lib/formats.js";
import { t } from "../lib/texts.js";

export function startReceipt(store) {
  const dialog = document.getElementById("receipt");
  const facts = dialog.querySelector("dl");
  const room = store.state.room.name;

  on("show-receipt", async ({ id }) => {
    try {
      fill(await call("GET", `/api/rooms/${encodeURIComponent(room)}/messages/${id}/receipt`));
      dialog.showModal();
    } catch (error) {
      emit("toast", { text: error.message });
    }
  });
  dialog.addEventListener("click", ({ target }) => {
    // A click beside the dialog, on its button or on a link into the room closes it.
    if (target === dialog || target.closest("button, a")) dialog.close();
  });

  function fill(receipt) {
    const {
      model,
      read,
      read_in: readIn,
      tools,
      tokens,
      cost,
      first_token_ms: first,
      total_ms: total,
      versions,
      error,
    } = receipt;
    facts.replaceChildren(
      ...fact("receiptModel", model || t("receiptNoModel")),
      ...fact("receiptRead", read.length ? messageLinks(read, readIn) : t("receiptNothing")),
      ...(tools.length ? fact("receiptTools", createList(tools.map(toolText))) : []),
      ...(tokens.in || tokens.out
        ? fact("receiptTokens", t("receiptTokensText", { in: number(tokens.in), out: number(tokens.out) }))
        : []),
      ...(cost ? fact("receiptCost", cost.toFixed(4)) : []),
      ...(total
        ? fact("receiptTime", t("receiptTimeText", { first: seconds(first ?? total), total: seconds(total) }))
        : []),
      ...(error ? fact("receiptError", error) : []),
      ...(versions.length ? fact("receiptVersions", createList(versions.map(versionText))) : []),
    );
  }

  function messageLinks(ids, readIn) {
    const line = document.createElement("span");
    line.append(`${t("receiptMessages", { count: ids.length })} `);
    const shown = readIn && readIn !== room ? [] : ids.slice(-12);
    for (const id of shown) {
      line.append(Object.assign(document.createElement("a"), { href: `#m${id}`, textContent: `#${id}` }), " ");
    }
    return line;
  }
}

function fact(key, value) {
  const name = Object.assign(document.createElement("dt"), { textContent: t(key) });
  const text = document.createElement("dd");
  text.append(value);
  return [name, text];
}

function createList(texts) {
  const items = document.createElement("ul");
  items.append(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  return items;
}

const toolText = ({ name, arguments: given = {}, found, error }) =>
  `${name}(${Object.values(given).join(", ")})${
    error ? `: ${error}` : found === undefined ? "" : `: ${Array.isArray(found) ? found.length : found}`
  }`;
const versionText = (version) => (typeof version === "string" ? version : (version.words ?? version.text ?? ""));
const seconds = (ms) => `${number(ms / 1000, { maximumFractionDigits: ms < 1000 ? 2 : 1 })}\u00a0s`;
