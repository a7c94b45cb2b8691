// The head of a block of code: its language, line wrapping, a copy; and for a long block, a button to show all of it,
// which is at the lower edge, too, where the reader is by then.

import { t } from "../lib/texts.js";

const COLLAPSED_LINES = 20; // static/css/code.css has the same
const template = () => document.getElementById("code-head-template");

/** Give each block its head. It takes the place of the language alone, which stands there without a script. */
export function enhanceCode(node) {
  for (const block of node.querySelectorAll("pre.code")) {
    block.tabIndex = 0; // it scrolls sideways, by keyboard too
    if (block.querySelector(".code-head")) continue;
    const head = template().content.firstElementChild.cloneNode(true);
    const lines = block.textContent.replace(/\n$/, "").split("\n").length;
    head.querySelector(".code-language").textContent = block.dataset.language ?? "";
    if (lines > COLLAPSED_LINES) {
      block.classList.add("is-long");
      block.dataset.lines = lines;
      const button = head.querySelector("[data-code=whole]");
      button.hidden = false;
      const foot = Object.assign(document.createElement("span"), { className: "code-foot" });
      foot.append(button.cloneNode());
      block.append(foot);
    }
    block.prepend(head);
    fillButtons(block);
  }
}

/** Show all of each block. */
export function showWhole(node) {
  for (const block of node.querySelectorAll("pre.code")) {
    block.classList.add("whole");
    fillButtons(block);
  }
}

/** A button of a block was pressed. It stays where it is, but for one at the lower edge that shows what comes below. */
export function pressCode(button, box) {
  const block = button.closest("pre");
  const on = !block.classList.contains(button.dataset.code);
  const kept = on ? block : button;
  const { top } = kept.getBoundingClientRect();
  block.classList.toggle(button.dataset.code, on);
  if (button.dataset.code === "whole") fillButtons(block);
  else button.setAttribute("aria-pressed", on);
  box.scrollTop += kept.getBoundingClientRect().top - top;
}

function fillButtons(block) {
  const isWhole = block.classList.contains("whole");
  for (const button of block.querySelectorAll("[data-code=whole]")) {
    button.textContent = isWhole ? t("codeLess") : t("codeAll", { count: block.dataset.lines });
    button.setAttribute("aria-expanded", isWhole);
  }
}
