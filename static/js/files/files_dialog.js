// The files of a message of mine: what its pictures show can be said later, and each can be deleted.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { whenGone } from "../core/scope.js";
import { confirm } from "../lib/confirm_dialog.js";
import { reconcileChildren } from "../lib/reconcile_children.js";
import { t } from "../lib/texts.js";
import { loadStyles } from "./cards.js";

export function startFilesDialog(store) {
  const dialog = document.getElementById("files-dialog-template").content.firstElementChild.cloneNode(true);
  const list = dialog.querySelector("ul");
  const styles = loadStyles("tray");
  let shown = null; // id of the message
  let back = null; // where the focus returns
  document.body.append(dialog);
  whenGone(() => dialog.remove());

  on("edit-files", async ({ message }) => {
    await styles;
    shown = message.id;
    back = document.getElementById(`m${message.id}`);
    draw();
    if (!dialog.open) dialog.showModal();
  });
  on("state", ({ state, before }) => dialog.open && state.messages !== before.messages && draw());
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    shown = null;
    back?.focus({ preventScroll: true });
  });
  list.addEventListener("change", ({ target }) => {
    act("PATCH", target.closest("li").dataset.file, { alt: target.value.trim() }, "saved");
  });
  list.addEventListener("click", async ({ target }) => {
    if (!target.closest("button")) return;
    const { file, name } = target.closest("li").dataset;
    if (await confirm(t("deleteFile", { name }), t("delete"))) act("DELETE", file);
  });

  function draw() {
    const { files = [], deleted } = store.state.messages.get(shown) ?? {};
    if (deleted || !files.length) return dialog.close();
    const known = new Map([...list.children].map((row) => [row.dataset.file, row]));
    reconcileChildren(list, files.map((file) => known.get(file.id) ?? rowOf(file)));
    if (dialog.open && document.activeElement === document.body) dialog.querySelector("[data-cancel]").focus();
  }

  async function act(method, id, body, said) {
    try {
      await call(method, `/api/files/${id}`, body);
      if (said) emit("toast", { key: said });
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}

function rowOf({ id, name, width, alt = "" }) {
  const row = document.getElementById("file-row-template").content.firstElementChild.cloneNode(true);
  Object.assign(row.dataset, { file: id, name });
  row.querySelector(".file-name").textContent = name;
  row.querySelector("input").value = alt;
  if (!width) row.querySelector("label").remove();
  row.querySelector("button .visually-hidden").textContent = `: ${name}`;
  return row;
}
