// Arrow keys in the timeline and its toolbars; Escape returns to the composer.

const STOPS = ".message, .fold > summary";

export function startKeyboardNavigation() {
  const log = document.getElementById("log");
  const field = document.getElementById("composer-text");
  const ways = {
    ArrowUp: (all, at) => all[at - 1],
    ArrowDown: (all, at) => all[at + 1] ?? field,
    Home: (all) => all[0],
    End: (all) => all.at(-1),
    Escape: () => field,
  };

  log.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const message = target.closest(STOPS);
    if (!message || event.altKey || event.ctrlKey || event.metaKey) return;
    const bar = target.closest("[role=toolbar]");
    const next = bar && ["ArrowLeft", "ArrowRight"].includes(key)
      ? beside(bar, target, key)
      : ways[key]?.(messages(), messages().indexOf(message));
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });

  const messages = () =>
    [...log.querySelectorAll(STOPS)].filter((node) => !node.matches(".fold:not([open]) > .message"));
}

function beside(bar, button, key) {
  const all = [...bar.querySelectorAll("button:not([hidden])")];
  return all.at((all.indexOf(button) + (key === "ArrowLeft" ? -1 : 1)) % all.length);
}
