// A field that narrows down the list of choices below it (`data-filter`), as names are found everywhere. What is chosen stays in sight.

import { matchPeople } from "./name_matching.js";
import { t } from "./texts.js";
import { isComposing } from "./typed_word.js";

const started = new WeakSet();

/** field: it names the list in aria-controls, of labels with a radio button each, in groups. */
export function startChoiceFilter(field) {
  if (started.has(field)) return;
  started.add(field);
  const list = document.getElementById(field.getAttribute("aria-controls"));
  const status = list.parentElement.querySelector("[role=status]");
  const rows = [...list.querySelectorAll("label")].map((label) => ({
    label,
    name: label.querySelector(".choice-name").textContent.trim(),
    display_name: label.querySelector(".choice-note")?.textContent.trim().slice(1),
    choice: label.control,
  }));
  let fitting = rows;

  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    const isEnter = event.key === "Enter";
    if (isComposing(event) || !(isEnter || event.key === "ArrowDown")) return;
    event.preventDefault();
    const [first] = fitting;
    if (!first) return;
    first.choice.checked = true;
    narrow();
    first.choice.focus();
  });

  function narrow() {
    const query = field.value.trim().replace(/^[@#]/, "");
    fitting = query ? matchPeople(rows, query, () => false) : rows;
    const shown = new Set(fitting);
    for (const row of rows) row.label.hidden = !shown.has(row) && !row.choice.checked;
    for (const group of list.children) group.hidden = !group.querySelector("label:not([hidden])");
    status.textContent = query ? t("paletteHits", { count: fitting.length }) : "";
  }
}
