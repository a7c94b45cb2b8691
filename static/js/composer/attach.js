// Files come by the button, are pasted, or dropped onto the room. What is done with them is loaded with the first.

import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { keptFiles } from "../lib/local_storage.js";
import { t } from "../lib/texts.js";

export function startAttach(store) {
  const { me, room } = store.state;
  const field = document.getElementById("composer-text");
  const button = document.getElementById("composer-attach");
  const input = document.getElementById("composer-files");
  const main = document.getElementById("main");

  const voice = document.getElementById("composer-voice");
  voice.hidden = !navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder;
  voice.addEventListener("click", () => mayAttach() && emit("record-voice"));

  const update = () => (button.disabled = voice.disabled = field.readOnly);
  update();
  on("room-facts", update); // it was archived, or opened again
  button.addEventListener("click", () => mayAttach() && input.click());
  input.addEventListener("change", () => {
    attach(input.files);
    input.value = ""; // the same may be chosen again
  });
  listen(document, "paste", (event) => {
    const { files = [], types = [] } = event.clipboardData ?? {};
    const isHere = event.target === field || event.target === document.body;
    // Tables and texts of an office program come with a picture of them.
    if (!files.length || !isHere || types.includes("text/html")) return;
    event.preventDefault();
    attach(files);
  });
  main.addEventListener("dragover", (event) => {
    if (field.readOnly || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    if ("drop" in main.dataset) return;
    main.dataset.drop = t("dropHere");
    emit("attach", { files: [] }); // what shows it is loaded
  });
  main.addEventListener("dragleave", ({ relatedTarget }) => main.contains(relatedTarget) || endDrag());
  main.addEventListener("drop", (event) => {
    if (!("drop" in main.dataset)) return;
    event.preventDefault();
    endDrag();
    attach(event.dataTransfer.files);
  });
  // What was chosen before the person went to another room, or loaded the page anew.
  if (keptFiles(me, room).get()) emit("attach", { files: [] });

  const endDrag = () => delete main.dataset.drop;

  function attach(files) {
    if (files.length && mayAttach()) emit("attach", { files: [...files] });
  }

  function mayAttach() {
    return !field.readOnly;
  }
}
