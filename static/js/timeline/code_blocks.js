// The head of a block of code: its language, lines that wrap, a copy; and all of it where it is long.

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
      const button = head.querySelector("[data-code=whole]");
      button.hidden = false;
      button.dataset.lines = lines;
      fillButton(block, button);
    }
    block.prepend(head);
  }
}

/** Show all of each block. */
export function showWhole(node) {
  for (const block of node.querySelectorAll("pre.code")) {
    block.classList.add("whole");
    fillButton(block, block.querySelector("[data-code=whole]"));
  }
}

/** A button of a head was pressed. It stays where it is. */
export function pressCode(button, box) {
  const block = button.closest("pre");
  const { top } = button.getBoundingClientRect();
  const on = block.classList.toggle(button.dataset.code);
  if (button.dataset.code === "whole") fillButton(block, button);
  else button.setAttribute("aria-pressed", on);
  box.scrollTop += button.getBoundingClientRect().top - top;
}

function fillButton(block, button) {
  const isWhole = block.classList.contains("whole");
  button.textContent = isWhole ? t("codeLess") : t("codeAll", { count: button.dataset.lines });
  button.setAttribute("aria-expanded", isWhole);
}
