// The panel beside the room. Its tabs are pages of their own, of which it shows the content: whatever link has
// `data-panel` opens here, and forms in it are sent without leaving the room. Back closes it.

import { emit, on } from "../core/bus.js";
import { parsePage } from "../lib/trusted_html.js";

const HEADERS = { "X-Panel": "yes" }; // the server leaves the frame out

export function startPanel() {
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const scroller = document.getElementById("panel-scroll");
  let opener = null; // what had the focus before
  let asked = 0;
  let shown = ""; // the address

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (
      !link || event.defaultPrevented || event.button || event.ctrlKey ||
      event.metaKey || event.shiftKey
    ) return;
    event.preventDefault();
    const { tab } = panel.dataset;
    const isToggle = !panel.contains(link) &&
      panel.classList.contains("open") && link.dataset.panel === tab;
    if (isToggle) close();
    else open(link.href, link.dataset.panel);
  });
  body.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    event.preventDefault();
    submit(form, event.submitter);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  document.getElementById("close-panel").addEventListener("click", close);
  document.getElementById("panel-scrim").addEventListener("click", close);
  addEventListener(
    "popstate",
    ({ state }) => (state?.panel ? show(state.panel) : hide()),
  );
  on("open-panel", ({ address, tab }) => open(address, tab));
  on("close-panel", close);
  if (history.state?.panel) show(history.state.panel, false);

  function open(address, tab = "") {
    const isOpen = panel.classList.contains("open");
    if (!isOpen) opener = document.activeElement;
    const place = { address: new URL(address, location.href).href, tab };
    history[isOpen ? "replaceState" : "pushState"]({
      ...history.state,
      panel: place,
    }, "");
    show(place);
  }

  function close() {
    if (!panel.classList.contains("open")) return;
    if (history.state?.panel) history.back(); // hides it: popstate
    else hide();
  }

  function hide() {
    if (!panel.classList.contains("open")) return;
    asked += 1;
    panel.classList.remove("open");
    mark("");
    if (
      panel.contains(document.activeElement) ||
      document.activeElement === document.body
    ) opener?.focus();
    emit("panel-closed");
  }

  function show({ address, tab }, focus = true) {
    panel.classList.add("open");
    mark(tab);
    load(address, {}, focus);
  }

  function mark(tab) {
    panel.dataset.tab = tab;
    for (const link of document.querySelectorAll("[data-panel]")) {
      const isCurrent = tab !== "" && link.dataset.panel === tab;
      if (!link.closest(".panel-tabs")) {
        link.setAttribute("aria-expanded", isCurrent);
      } else if (isCurrent) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function submit(form, submitter) {
    const data = new FormData(form, submitter);
    const target = new URL(
      submitter?.getAttribute("formaction") || form.getAttribute("action") ||
        shown,
      shown,
    );
    if (form.method === "post") {
      return load(target.href, {
        method: "POST",
        body: new URLSearchParams(data),
      }, true);
    }
    target.search = new URLSearchParams(data);
    history.replaceState({
      ...history.state,
      panel: { address: target.href, tab: panel.dataset.tab },
    }, "");
    return load(target.href, {}, true);
  }

  async function load(address, request, focus) {
    const mine = (asked += 1);
    body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        ...request,
        headers: HEADERS,
        cache: "no-store",
      });
      const page = parsePage(await answer.text());
      const content = page.querySelector(".panel-content");
      if (mine !== asked) return;
      if (!content) return location.assign(answer.url); // it leads somewhere else: to another room, to sign in
      await loadStyles(page);
      if (mine !== asked) return;
      shown = answer.url;
      body.replaceChildren(document.adoptNode(content));
      scroller.scrollTop = 0;
      if (focus) {
        (body.querySelector("[autofocus]") ?? scroller).focus({
          preventScroll: true,
        });
      }
      emit("panel-shown", { body });
    } catch {
      emit("toast", { key: "requestFailed" });
    } finally {
      if (mine === asked) body.setAttribute("aria-busy", "false");
    }
  }
}

/** The styles of what comes, which this page may not have yet. */
function loadStyles(page) {
  const known = new Set(
    [...document.querySelectorAll("link[rel=stylesheet]")].map(({ href }) => href),
  );
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((
    { href },
  ) => !known.has(href));
  return Promise.all(missing.map((link) =>
    new Promise((done) => {
      link.onload = link.onerror = done;
      document.head.append(document.adoptNode(link));
    })
  ));
}
