// The picker of emoji, opened at a button by whoever needs one, or by a button with data-emoji-for, which names a field of
// its form. What it shows is loaded when it is first opened.

import { emit, on } from "../core/bus.js";
import { loadOwnEmoji } from "../lib/own_emoji.js";
import { isComposing } from "../lib/typed_word.js";

export function startEmojiPicker() {
  const box = document.getElementById("emoji-picker");
  const home = box.parentElement;
  const field = box.querySelector("input");
  let chosen = null;
  let opener = null;
  let grid = null;
  let own = true; // the server's own emoji, too

  on("pick-emoji", ({ at, then, isPlain = false }) => {
    chosen = then;
    opener = at;
    own = !isPlain;
    field.value = "";
    (at.closest("#card") ?? home).append(box); // or the card, a popover as well, would close
    box.showPopover();
    positionPopover(box, at);
    field.focus(); // before the emoji are there: what is typed meanwhile belongs into the field
    withGrid(({ show }) => (show(own), loadOwnEmoji().then(() => field.value || show(own))));
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-emoji-for]");
    if (button) emit("pick-emoji", { at: button, then: (emoji) => fill(button, emoji), isPlain: true });
  });
  field.addEventListener("input", () => withGrid(({ show }) => show(own)));
  field.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "Enter") withGrid(({ first }) => first()?.click());
    else if (event.key === "ArrowDown") withGrid(({ first }) => first()?.focus());
    else return;
    event.preventDefault(); // or the button that gets the focus back would be pressed too
  });
  // It comes late: by then, the focus may be where the emoji went.
  box.addEventListener("toggle", ({ newState }) => {
    const left = document.activeElement === document.body || box.contains(document.activeElement);
    if (newState === "closed" && left && opener?.isConnected) opener.focus();
    if (newState === "closed") home.append(box);
  });

  function choose(emoji) {
    box.hidePopover();
    chosen?.(emoji);
  }

  /** Go on with the grid: now if it is there, else as soon as it is. */
  function withGrid(goOn) {
    if (grid) return goOn(grid);
    Promise.all([import("./emoji_grid.js"), loadOwnEmoji()]).then(
      ([{ startEmojiGrid }]) => goOn(grid ??= startEmojiGrid(box, choose)),
      () => emit("toast", { key: "requestFailed" }),
    );
  }
}

function fill(button, emoji) {
  const field = button.form.elements[button.dataset.emojiFor];
  field.value = emoji;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  button.focus();
}

function positionPopover(box, at) {
  const anchor = at.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const top = anchor.bottom + height + 8 < innerHeight ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4);
  box.style.top = `${top}px`;
  const left = anchor.left < innerWidth / 2 ? anchor.left : anchor.right - width; // towards the middle
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}
