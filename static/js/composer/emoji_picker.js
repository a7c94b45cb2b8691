// A small picker of emoji, opened at a button by whoever needs one.

import { emit, on } from "../core/bus.js";
import { isComposing } from "../lib/typed_word.js";

const COLUMNS = 8;

export function startEmojiPicker() {
  const box = document.getElementById("emoji-picker");
  const field = box.querySelector("input");
  const grid = box.querySelector(".emoji-grid");
  let chosen = null;
  let opener = null;
  let emoji = null; // the module with the names, which not every visit needs

  on("pick-emoji", ({ at, then }) => {
    chosen = then;
    opener = at;
    field.value = "";
    box.showPopover();
    positionPopover(box, at);
    field.focus(); // before the names are there: what is typed meanwhile belongs into the field
    withEmoji(fill);
  });
  field.addEventListener("input", () => withEmoji(fill));
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const first = grid.querySelector("button");
    if (event.key === "Enter") withEmoji(() => grid.querySelector("button")?.click());
    else if (event.key === "ArrowDown") first?.focus();
    else return;
    event.preventDefault(); // or the button that gets the focus back would be pressed too
  });
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    box.hidePopover();
    chosen?.(button.dataset.emoji);
  });
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...grid.children];
    (all[all.indexOf(event.target) + step] ?? (step < 0 ? field : null))?.focus();
  });
  // It comes late: by then, the focus may be where the emoji went.
  box.addEventListener("toggle", ({ newState }) => {
    const left = document.activeElement === document.body || box.contains(document.activeElement);
    if (newState === "closed" && left && opener?.isConnected) opener.focus();
  });

  function fill({ EMOJI, findEmoji, FREQUENT }) {
    const query = field.value.trim();
    const shown = query ? findEmoji(query, 64) : [
      ...FREQUENT.map((emoji) => EMOJI.find((each) => each.emoji === emoji)),
      ...EMOJI.filter(({ emoji }) => !FREQUENT.includes(emoji)),
    ];
    grid.replaceChildren(
      ...shown.map(({ emoji, name }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.emoji = button.textContent = emoji;
        button.title = name.replaceAll("_", " ");
        button.setAttribute("aria-label", button.title);
        return button;
      }),
    );
  }

  /** Go on with the names: now if they are there, else as soon as they are. */
  function withEmoji(goOn) {
    if (emoji) return goOn(emoji);
    import("../lib/emoji.js").then((module) => goOn(emoji = module), () => emit("toast", { key: "requestFailed" }));
  }
}

function positionPopover(box, at) {
  const anchor = at.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const top = anchor.bottom + height + 8 < innerHeight ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4);
  box.style.top = `${top}px`;
  box.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
}
