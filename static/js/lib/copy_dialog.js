// Shows a text that the browser did not let the page copy, selected: a key or a long press copies it.

import { t } from "./texts.js";

export function showToCopy(text) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "confirm" });
  const form = Object.assign(document.createElement("form"), { method: "dialog" });
  const said = Object.assign(document.createElement("p"), { id: "copy-said", textContent: t("cannotCopy") });
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, rows: 4 });
  const row = Object.assign(document.createElement("div"), { className: "actions-row" });
  row.append(Object.assign(document.createElement("button"), { className: "button", textContent: t("close") }));
  for (const each of [dialog, field]) each.setAttribute("aria-labelledby", said.id);
  form.append(said, field, row);
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  field.select();
}
