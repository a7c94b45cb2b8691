// Shows a clicked picture large, with code that is loaded then. With a modifier key, the browser opens it instead. An
// animated picture plays for as long as it is pointed at.

import { emit } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { startOnEvent } from "../core/start.js";
import { renew } from "./renewing.js";

export function startFileViewer(store) {
  startOnEvent("view-file", () => import("./lightbox.js"), (module) => module.startLightbox());
  startOnEvent("edit-files", () => import("./files_dialog.js"), (module) => module.startFilesDialog(store));
  listen(document, "click", (event) => {
    const link = event.target.closest?.("a[data-view][href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    emit("view-file", { link });
  });
  // Errors of media do not bubble.
  listen(document, "error", ({ target }) => target.matches?.(".file > :is(video, audio)") && renew(target), {
    capture: true,
  });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  for (const [type, plays] of [["pointerover", true], ["pointerout", false]]) {
    listen(document, type, ({ target }) => {
      if (target.matches?.("[data-animated] > .file-image") && !still.matches) play(target, plays);
    });
  }
}

/** The first frame stands in `srcset` or `src`; what moves takes its place. */
function play(image, plays) {
  const { dataset, parentNode: link } = image;
  dataset.still ??= JSON.stringify([image.src, image.srcset]);
  const [src, srcset] = plays ? [link.dataset.large, ""] : JSON.parse(dataset.still);
  image.srcset = srcset;
  image.src = src;
}
