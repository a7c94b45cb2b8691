// Pictures of the room, large, one after the other: by keys, buttons and fingers.

import { on } from "../core/bus.js";
import { whenGone } from "../core/scope.js";
import { t } from "../lib/texts.js";
import { swipes } from "../lib/swipes.js";
import { loadStyles } from "./cards.js";

export function startLightbox() {
  const box = document.getElementById("lightbox-template").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`[data-part=${name}]`);
  const image = part("image");
  let links = []; // of the pictures, in their order
  let at = 0;
  let opener = null;
  const styles = loadStyles("lightbox");
  document.body.append(box);
  whenGone(() => box.remove());

  on("view-file", async ({ link }) => {
    await styles;
    opener = link;
    links = [...link.closest("#log, ul, ol").querySelectorAll("a[data-view][href]")];
    show(links.indexOf(link));
    if (!box.open) box.showModal();
    part("close").focus();
  });
  box.addEventListener("close", () => {
    for (const name of ["src", "srcset"]) image.removeAttribute(name);
    opener?.focus({ preventScroll: true });
  });
  box.addEventListener("keydown", (event) => {
    const scrolls = isWhole() && event.key.startsWith("Arrow");
    const act = !scrolls && keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  part("previous").addEventListener("click", () => show(at - 1));
  part("next").addEventListener("click", () => show(at + 1));
  part("zoom").addEventListener("click", () => zoom());
  part("close").addEventListener("click", () => box.close());
  part("stage").addEventListener("click", ({ target }) => target === image ? zoom() : box.close());
  swipes(part("stage"), {
    left: () => isWhole() || show(at + 1),
    right: () => isWhole() || show(at - 1),
    down: () => isWhole() || box.close(),
  });

  const keys = {
    ArrowLeft: () => show(at - 1),
    ArrowRight: () => show(at + 1),
    Home: () => show(0),
    End: () => show(links.length - 1),
    "+": () => zoom(true),
    "-": () => zoom(false),
  };
  const isWhole = () => box.classList.contains("whole");

  function show(place) {
    const link = links[place];
    if (!link) return;
    at = place;
    const picture = link.querySelector(".file-image") ?? link.querySelector("img");
    const name = link.dataset.view;
    zoom(false);
    image.alt = picture?.alt || name;
    part("name").textContent = name;
    part("from").textContent = fromOf(link);
    part("alt").textContent = image.alt === name ? "" : image.alt;
    part("count").textContent = links.length > 1 ? t("versionOf", { number: place + 1, count: links.length }) : "";
    part("download").href = link.href;
    part("download").download = name;
    part("previous").disabled = place === 0;
    part("next").disabled = place === links.length - 1;
  }

  /** The whole of it in the window, or as large as it is. */
  function zoom(whole = !isWhole()) {
    const { large, sizes } = links[at].dataset;
    box.classList.toggle("whole", whole);
    // As large as the window needs it, or all of it.
    image.sizes = whole ? `${/(\d+)w$/.exec(sizes)?.[1]}px` : "100vw";
    image.srcset = sizes;
    if (image.getAttribute("src") !== large) image.src = large;
    part("zoom").setAttribute("aria-pressed", whole);
    part("stage").tabIndex = whole ? 0 : -1; // keys scroll it
  }
}

/** The author and time of the message, as text. */
function fromOf(link) {
  const message = link.closest(".message");
  if (!message) return link.dataset.from ?? "";
  return `${message.querySelector(".author").textContent.trim()} · ${message.querySelector(".when").title}`;
}
