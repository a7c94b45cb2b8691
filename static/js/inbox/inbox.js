// The inbox: keys, and rows that go at once. Without this, each button sends the form.

import { call, callAndLeave } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";

export function startInbox(form = document.getElementById("inbox")) {
  if (!form) return;
  document.querySelector(".activity-tabs [aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  const list = form.querySelector("#inbox-rows");
  const said = form.querySelector("#inbox-said");
  const empty = document.getElementById("inbox-empty");
  const undone = []; // what can be put back: {done, rows}, the last one last
  const rows = () => [...list.children];

  form.addEventListener("submit", (event) => {
    const { name, value } = event.submitter ?? {};
    const row = name === "done" && rows().find((each) => each.dataset.id === value);
    const act = row ? () => finish([row], `/api/inbox/${value}/done`) : actions[value] ?? actions[name];
    if (!act) return;
    event.preventDefault();
    act();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("a")?.parentElement;
    if (!row?.classList.contains("unread")) return;
    row.classList.remove("unread");
    callAndLeave("POST", `/api/inbox/${row.dataset.id}/read`);
  });
  listen(document, "keydown", (event) => {
    const act = keys[event.key.toLowerCase()];
    if (!act || !form.isConnected || isElsewhere(event)) return;
    event.preventDefault();
    act();
  });
  on("inbox-count", ({ unread }) => {
    if (unread > list.querySelectorAll(":scope > .unread").length) lookForNews();
  });

  const actions = {
    all: () => finish(rows(), "/api/inbox/done", form.dataset.kind ? { kind: form.dataset.kind } : {}),
    restore,
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    e: () => (current() ?? rows()[0])?.querySelector("[name=done]")?.click(),
    z: () => undone.length && restore(),
  };

  /** More is unread than is shown, which it was before: some may be of other kinds, or further down. */
  async function lookForNews() {
    const { items } = await call("GET", "/api/inbox").catch(() => ({ items: [] }));
    const isNew = ({ unread, created }) => unread && created > form.dataset.newest;
    if (items.some(isNew)) form.querySelector("#inbox-news").hidden = false;
  }

  async function finish(gone, path, body = {}) {
    const next = current() && (gone.at(-1).nextElementSibling ?? gone[0].previousElementSibling);
    try {
      const { done, unread } = await call("POST", path, body);
      undone.push({ done, rows: gone.map((row) => ({ row, after: row.previousElementSibling })) });
      for (const row of gone) row.remove();
      emit("inbox-count", { unread });
      emit("rooms-stale");
      show();
      if (next?.isConnected) focusRow(next);
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }

  async function restore() {
    const last = undone.pop();
    const done = last?.done ?? said.querySelector("button").value;
    try {
      const { unread } = await call("POST", "/api/inbox/restore", { done });
      if (!last) return location.replace(location.pathname);
      for (const { row, after } of last.rows) after?.isConnected ? after.after(row) : list.prepend(row);
      emit("inbox-count", { unread });
      emit("rooms-stale");
      show();
      focusRow(last.rows[0].row);
    } catch (error) {
      if (last) undone.push(last);
      emit("toast", { text: error.message });
    }
  }

  function show() {
    said.hidden = !undone.length;
    empty.hidden = list.children.length > 0 || document.querySelector("main .invitations") !== null;
    const all = document.querySelector("[form=inbox][value=all]");
    if (all) all.hidden = !list.children.length;
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (next) focusRow(next);
  }

  const current = () => document.activeElement?.closest("#inbox-rows > li");

  /** Keys are for the inbox unless somebody types, or is in another part of the page. */
  function isElsewhere({ target, altKey, ctrlKey, metaKey, shiftKey }) {
    if (altKey || ctrlKey || metaKey || shiftKey || target.closest("input, textarea, select, dialog")) return true;
    return !form.contains(target) && target !== document.body && target.id !== "main";
  }
}

function focusRow(row) {
  row.querySelector("a").focus();
  row.scrollIntoView({ block: "nearest" });
}
