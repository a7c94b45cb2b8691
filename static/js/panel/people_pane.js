// The pane "who is here": always there on wide screens, opened by its button on others.

export function startPeoplePane() {
  const pane = document.getElementById("people");
  const opener = document.getElementById("open-people");

  opener.addEventListener("click", () => toggle(!pane.classList.contains("open")));
  document.getElementById("close-people").addEventListener("click", () => toggle(false));
  pane.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  document.addEventListener("click", ({ target }) => {
    if (pane.classList.contains("open") && !pane.contains(target) && !opener.contains(target)) toggle(false, false);
  });

  function toggle(open, focus = true) {
    pane.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", open);
    if (focus) (open ? document.getElementById("close-people") : opener).focus();
  }
}
