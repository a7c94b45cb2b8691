// The panel beside the room. Its tabs are pages of their own, of which it shows the content: whatever link has
// `data-panel` opens here, and forms in it are sent without leaving the room. Back closes it.

import { emit, on } from "../core/bus.js";
import { listen } from "../core/scope.js";
import { visit } from "../core/visit.js";
import { loadPage } from "../lib/load_page.js";
import { t } from "../lib/texts.js";

const HEADERS = { "X-Panel": "yes" }; // the server leaves the frame out
const WIDE = "(min-width: 1100px)"; // there the panel stands beside the room

/** room: its name. */
export function startPanel(room) {
  const panel = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  const scroller = document.getElementById("panel-scroll");
  const { pathname } = location;
  let opener = null; // what had the focus before
  let asked = 0;
  let shown = ""; // the address
  let isOutdated = false; // what is being loaded

  listen(document, "click", (event) => {
    const link = event.target.closest?.("a[data-panel]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const isShown = panel.classList.contains("open") && link.dataset.panel === panel.dataset.tab;
    if (isShown && !panel.contains(link)) close();
    else open(link.href, link.dataset.panel);
  });
  body.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    event.preventDefault();
    submit(form, event.submitter);
  });
  body.addEventListener("click", ({ target }) => {
    const link = target.closest('a[href*="#m"]');
    if (link?.pathname === pathname && !matchMedia(WIDE).matches) giveWay();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  document.getElementById("close-panel").addEventListener("click", close);
  document.getElementById("panel-scrim").addEventListener("click", close);
  listen(globalThis, "popstate", ({ state }) => {
    if (location.pathname !== pathname) return; // another room
    if (state?.panel) show(state.panel);
    else hide();
  });
  on("open-panel", ({ address, tab }) => open(address, tab));
  on("close-panel", close);
  on("panel-outdated", outdate);
  on("show-receipt", ({ id }) => open(`/chat/${encodeURIComponent(room)}/answers/${id}/`, "sources"));
  if (history.state?.panel) show(history.state.panel, false);

  /** Not in place of what is being loaded: it may be the first of this tab, and `shown` another one's. */
  function outdate({ tab }) {
    if (tab !== panel.dataset.tab) return;
    if (body.ariaBusy === "true") isOutdated = true;
    else load(shown, {}, false, true);
  }

  function open(address, tab = "") {
    const isOpen = panel.classList.contains("open");
    if (!isOpen) opener = document.activeElement;
    const place = { address: new URL(address, location.href).href, tab };
    history[isOpen ? "replaceState" : "pushState"]({ ...history.state, panel: place }, "");
    show(place);
  }

  function close() {
    if (!panel.classList.contains("open")) return;
    if (history.state?.panel && !history.state.isFirst) history.back(); // hides it: popstate
    else {
      history.replaceState({ ...history.state, panel: null }, "");
      hide();
    }
  }

  /** To a message that it would cover. At once, not by going back: that comes later, and would take its address away. */
  function giveWay() {
    history.replaceState({ ...history.state, panel: null }, "");
    hide();
  }

  function hide() {
    if (!panel.classList.contains("open")) return;
    asked += 1;
    panel.classList.remove("open");
    mark("");
    if (panel.contains(document.activeElement) || document.activeElement === document.body) {
      opener?.focus({ preventScroll: true }); // it may stand far from where one looks by now
    }
  }

  function show({ address, tab }, focus = true) {
    panel.classList.add("open");
    if (tab === "sources") Object.assign(panel.querySelector("[data-panel=sources]"), { href: address, hidden: false });
    mark(tab);
    load(address, {}, focus);
  }

  function mark(tab) {
    panel.dataset.tab = tab;
    for (const link of document.querySelectorAll("[data-panel]")) {
      const isCurrent = tab !== "" && link.dataset.panel === tab;
      if (!link.closest(".panel-tabs")) link.setAttribute("aria-expanded", isCurrent);
      else if (isCurrent) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function submit(form, submitter) {
    const fields = new FormData(form, submitter);
    const data = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
    const target = new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || shown, shown);
    if (form.method === "post") return load(target.href, { method: "POST", body: data }, true);
    target.search = data;
    history.replaceState({ ...history.state, panel: { address: target.href, tab: panel.dataset.tab } }, "");
    return load(target.href, {}, true);
  }

  /** A page that did not come; under it stands what was there, if that is of the same address: a search with its form. */
  function showProblem(address) {
    body.querySelector(".panel-problem")?.remove();
    if (!shown || new URL(address).pathname !== new URL(shown).pathname) body.replaceChildren();
    const [problem, text, again] = ["div", "p", "button"].map((name) => document.createElement(name));
    problem.className = "panel-content panel-problem";
    Object.assign(text, { className: "notice-box error", role: "alert", textContent: t("requestFailed") });
    Object.assign(again, { type: "button", className: "button small", textContent: t("tryAgain") });
    again.addEventListener("click", () => load(address, {}, true));
    problem.append(text, again);
    body.prepend(problem);
    scroller.scrollTop = 0;
  }

  /** keepsPlace: the same page again, as it is now. */
  async function load(address, request, focus, keepsPlace = false) {
    const mine = (asked += 1);
    isOutdated = false;
    body.setAttribute("aria-busy", "true");
    try {
      const { page, url } = await loadPage(address, { ...request, headers: HEADERS });
      if (mine !== asked) return;
      const content = page.querySelector(".panel-content");
      if (!content) return visit(url); // it leads somewhere else: to another room, to sign in
      const isSame = (keepsPlace || request.method === "POST") && new URL(url).pathname === new URL(shown).pathname;
      const keeping = isSame && (await import("../lib/kept_place.js"));
      if (mine !== asked) return;
      const hadFocus = body.contains(document.activeElement);
      const [place, restore] = [scroller.scrollTop, keeping && keeping.keepPlace(body)];
      shown = url;
      body.replaceChildren(document.adoptNode(content));
      const back = keeping && restore(body);
      scroller.scrollTop = keepsPlace || back ? place : 0;
      emit(`${panel.dataset.tab}-shown`);
      if (back) keeping.returnTo(back, body);
      else if (focus || hadFocus) (body.querySelector("[data-first]") ?? scroller).focus({ preventScroll: true });
      // Scripts of the page do not run here.
      if (body.querySelector("[data-copies]")) (await import("../copy_field.js")).startCopyFields(body);
    } catch {
      if (mine !== asked) return;
      // What was written stays where it can be sent again.
      if (keepsPlace || request.method === "POST") emit("toast", { key: "requestFailed" });
      else showProblem(address);
    } finally {
      if (mine === asked) {
        body.setAttribute("aria-busy", "false");
        if (isOutdated) load(shown, {}, false, true);
      }
    }
  }
}
