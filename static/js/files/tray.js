// The files that the next message will have, above its text: what they are, how far each has come, and what it shows.

import { emit, on } from "../core/bus.js";
import { keptFiles } from "../lib/local_storage.js";
import { t } from "../lib/texts.js";
import { loadStyles, sizeWords } from "./cards.js";
import { labelOf } from "./kinds.js";
import { WHOLE } from "./post_file.js";
import { add, again, areaOf, chosenIn, get, remove, restore, setAlt, take } from "./uploads.js";

const WAITS = { away: "waitsForLine", busy: "waitsForServer" }; // by why an upload is paused

export function startTray(store) {
  const { me, room } = store.state;
  const area = areaOf(me, room);
  const kept = keptFiles(me, room);
  const form = document.getElementById("composer");
  const field = document.getElementById("composer-text");
  const { maxFile, maxFiles, scansFiles, joined } = JSON.parse(document.getElementById("boot").textContent);
  // Who is not there yet sends them with the message, which joins the room or begins the conversation: all, or none.
  const goesTo = joined ? room.name : "";
  const tray = document.getElementById("tray-template").content.firstElementChild.cloneNode(true);
  const [list, problem, said] = [tray.querySelector("ul"), tray.querySelector(".error"), tray.querySelector(".said")];
  const rows = new Map(); // key → row
  let told = -1; // how many were said to be there

  loadStyles("tray").then(() => document.getElementById("composer-about").after(tray));
  on("attach", ({ files }) => attach(files));
  on("uploads", show);
  on("take-files", (taken) => {
    const chosen = chosenIn(area);
    for (const { key } of chosen) take(key);
    if (chosen.length) taken.files = chosen.map(describe);
    show();
  });
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) actions[button.dataset.tray](button.closest("li"));
  });
  list.addEventListener("change", ({ target }) => describeAs(target.closest("li").dataset.key, target.value.trim()));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // it would send the message
    describeAs(event.target.closest("li").dataset.key, event.target.value.trim());
    field.focus();
  });
  restore(area).then(() => {
    // Held until one was here, which one is now.
    for (const { key, held } of chosenIn(area)) if (held && goesTo) again(key, { room: goesTo });
    show();
  });

  const actions = {
    again: (row) => again(row.dataset.key),
    remove(row) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      remove(row.dataset.key);
      (next?.querySelector("[data-tray=remove]") ?? field).focus();
    },
    alt(row) {
      const line = row.querySelector(".tray-alt");
      line.hidden = !line.hidden;
      row.querySelector("[data-tray=alt]").setAttribute("aria-expanded", !line.hidden);
      if (!line.hidden) line.querySelector("input").focus();
    },
  };

  function attach(files) {
    const left = maxFiles - chosenIn(area).length;
    const large = files.filter(({ size }) => size > maxFile);
    const fitting = files.filter(({ size }) => size <= maxFile);
    for (const file of fitting.slice(0, left)) add(area, goesTo, file);
    const problems = [];
    if (large.length) {
      const names = large.map(({ name }) => name).join(", ");
      problems.push(t("fileTooLarge", { names, limit: sizeWords(maxFile) }));
    }
    if (fitting.length > left) problems.push(t("reason_too_many_files", { limit: maxFiles }));
    problem.textContent = problems.join(" ");
    show();
    if (files.length) field.focus();
  }

  function show() {
    const chosen = chosenIn(area);
    for (const [key, row] of rows) {
      if (chosen.some((each) => each.key === key)) continue;
      URL.revokeObjectURL(row.querySelector("audio").src);
      rows.delete(key);
      row.remove();
    }
    for (const upload of chosen) fill(rowOf(upload), upload, scansFiles);
    tray.hidden = !chosen.length && !problem.textContent;
    if (!chosen.length && form.dataset.files) problem.textContent = "";
    const names = chosen.map(({ name }) => name).join(", ");
    if (chosen.length) form.dataset.files = chosen.length;
    else delete form.dataset.files;
    if (names !== (kept.get()?.names ?? "")) {
      kept.set(names ? { names, at: Date.now() } : null);
      emit("drafts-changed");
    }
    const there = chosen.filter(({ status, held }) => held || status === "there").length;
    if (chosen.length && there === chosen.length && there !== told) {
      said.textContent = t("filesReady", { count: there });
    }
    told = there;
    emit("tray");
  }

  function rowOf(upload) {
    const known = rows.get(upload.key);
    if (known) return known;
    const row = document.getElementById("tray-file-template").content.firstElementChild.cloneNode(true);
    row.dataset.key = upload.key;
    row.querySelector(".file-label").textContent = labelOf(upload.name);
    row.querySelector(".tray-name").textContent = upload.name;
    row.querySelector("input").value = upload.alt;
    row.querySelector("progress").ariaLabel = upload.name;
    row.querySelector("[data-tray=remove]").ariaLabel = t("removeFile", { name: upload.name });
    if (upload.type.startsWith("audio/")) {
      const player = row.querySelector("audio");
      Object.assign(player, { hidden: false, ariaLabel: upload.name, src: URL.createObjectURL(upload.blob) });
    }
    rows.set(upload.key, row);
    list.append(row);
    return row;
  }

  function describeAs(key, alt) {
    if (get(key) && get(key).alt !== alt) setAlt(key, alt);
  }
}

function fill(row, { thumb, status, percent, paused, size, why, alt, held }, scans) {
  const image = row.querySelector("img");
  if (thumb && image.src !== thumb) image.src = thumb;
  image.hidden = !thumb;
  row.querySelector(".file-label").hidden = Boolean(thumb);
  row.dataset.status = status;
  const progress = row.querySelector("progress");
  progress.hidden = held || status === "there" || status === "failed";
  const isWhole = status === "uploading" && percent >= WHOLE; // the server looks at it
  if (isWhole) progress.removeAttribute("value");
  else progress.value = percent;
  const state = held ? "fileHeld" : paused ? WAITS[paused] : isWhole ? scans ? "fileScanned" : "fileReceived" : "";
  const words = status === "failed" ? why : state ? t(state) : sizeWords(size);
  row.querySelector(".tray-state").textContent = words;
  row.querySelector("[data-tray=again]").hidden = status !== "failed" && paused !== "busy";
  row.querySelector("[data-tray=alt]").hidden = !thumb;
  row.querySelector("[data-tray=alt]").toggleAttribute("data-described", Boolean(alt));
}

function describe({ key, name, size, type, alt, thumb, width, height }) {
  const picture = thumb ? { thumb, width, height } : {};
  return { key, name, size, type: thumb ? type : "", ...(alt && { alt }), ...picture };
}
