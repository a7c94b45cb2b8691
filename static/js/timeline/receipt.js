// How a reply came about, on demand: what the bot read, what it looked up, how long it took, its earlier answers.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { number } from "../lib/formats.js";
import { t } from "../lib/texts.js";
import { shortTime } from "../lib/times.js";

const SHOWN_SOURCES = 12; // of an answer that cites none

export function startReceipt(store) {
  const dialog = document.getElementById("receipt");
  const facts = dialog.querySelector("dl");
  const room = store.state.room.name;

  on("show-receipt", async ({ id }) => {
    try {
      dialog.dataset.message = `m${id}`;
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
      sources,
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
      ...fact("receiptSources", read.length ? sourceList(sources, read, readIn) : t("receiptNothing")),
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

  /** Those that it cites, or else the latest; each with author, time and first words. */
  function sourceList(sources, read, readIn) {
    const cited = sources.filter((source) => source.cited);
    const shown = cited.length ? cited : sources.slice(0, SHOWN_SOURCES);
    const list = document.createElement("ul");
    list.className = "sources";
    list.append(...shown.map((source) => sourceItem(source, readIn && readIn !== room ? `/chat/${readIn}/` : "")));
    const others = read.length - shown.length;
    const more = document.createElement("p");
    more.textContent = others > 0 ? t("receiptOthers", { count: others }) : "";
    const all = document.createDocumentFragment();
    all.append(list, ...(others > 0 ? [more] : []));
    return all;
  }

  function sourceItem({ id, sender, sender_id: senderId, created, excerpt }, address) {
    const link = Object.assign(document.createElement("a"), { href: `${address}#m${id}` });
    const author = Object.assign(document.createElement("b"), { textContent: sender });
    const words = store.state.blocked.has(senderId) ? t("foldedQuote") : excerpt;
    link.append(
      author,
      ` ${shortTime(created)} `,
      Object.assign(document.createElement("span"), { textContent: words }),
    );
    const item = document.createElement("li");
    item.append(link);
    return item;
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
