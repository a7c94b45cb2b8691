// Offers a code block for many pasted lines, which are most often code. The text stays as it was until that is taken.

import { on } from "../core/bus.js";
import { insertText } from "../lib/text_field.js";

export function startPasteAsCode() {
  const field = document.getElementById("composer-text");
  const offer = document.getElementById("paste-offer");
  let pasted = null;

  on("paste-lines", ({ text, at }) => {
    pasted = { text, at };
    setTimeout(() => (offer.hidden = false));
  });
  field.addEventListener("input", (event) => event.inputType !== "insertFromPaste" && (offer.hidden = true));
  on("say", () => (offer.hidden = true)); // it is gone from the field
  offer.addEventListener("click", () => {
    offer.hidden = true;
    const { text, at } = pasted;
    if (field.value.slice(at, at + text.length) !== text) return;
    const before = at > 0 && field.value[at - 1] !== "\n" ? "\n" : "";
    insertText(field, `${before}\`\`\`\n${text.replace(/\n$/, "")}\n\`\`\`\n`, at, at + text.length);
  });
}
