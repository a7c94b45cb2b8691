// What is shown around the timeline: who types, the state of the connection, other notices.

import { emit, on } from "../core/bus.js";
import { every } from "../core/scope.js";
import { list, t } from "../lib/texts.js";

export function startStatusArea(store) {
  const nodes = {
    typing: document.getElementById("typing"),
    banner: document.getElementById("banner"),
    toast: document.getElementById("toast"),
  };
  nodes.signIn = nodes.banner.querySelector("[data-does=sign-in]");
  nodes.setUp = nodes.banner.querySelector("[data-does=set-up]");
  let toastTimer = null;

  show(store.state, {});
  on("state", ({ state, before }) => show(state, before));
  on("toast", ({ key, text = t(key) }) => toast(text));
  on("wire-system", () => {}); // "Connected as …": the page shows that already
  on("wire-broadcast", ({ level, message }) => level === "info" && toast(message));
  every(1000, () => {
    store.dispatch({ type: "local.clock", now: Date.now() });
    if (store.state.connection.phase === "away") showConnection(store.state.connection);
  });

  function show(state, before) {
    if (state.typing !== before.typing || state.blocked !== before.blocked) showTyping(state);
    if (state.connection !== before.connection) showConnection(state.connection);
  }

  function showTyping({ typing, blocked }) {
    const names = [...typing].filter(([id]) => !blocked.has(id)).map(([, { name }]) => name);
    if (!names.length) nodes.typing.textContent = "";
    else if (names.length > 3) nodes.typing.textContent = t("manyType");
    else nodes.typing.textContent = t("typing", { count: names.length, names: list(names) });
  }

  function showConnection(connection) {
    const text = connectionText(connection);
    nodes.banner.hidden = !text;
    const words = nodes.banner.querySelector("span");
    if (words.textContent !== text) words.textContent = text;
    nodes.banner.dataset.phase = connection.phase;
    nodes.signIn.hidden = connection.phase !== "signed-out";
    nodes.setUp.hidden = connection.phase !== "second-factor";
    nodes.banner.querySelector("button").hidden = connection.phase !== "away";
    document.body.dataset.connection = connection.phase;
  }

  function toast(text) {
    clearTimeout(toastTimer);
    nodes.toast.textContent = text;
    nodes.toast.hidden = false;
    toastTimer = setTimeout(() => (nodes.toast.hidden = true), Math.max(6000, text.length * 70));
  }

  nodes.banner.querySelector("button").addEventListener("click", () => emit("reconnect"));
  nodes.signIn.addEventListener("click", (event) => {
    event.preventDefault(); // the form comes to the person
    emit("sign-in");
  });
}

const SILENT_PHASES = new Set(["live", "connecting", "visiting"]);
const REFUSALS = { full: "serverFull", mine: "tooManyPages" }; // refused, not lost: why → words

/** The state of the connection in words; nothing while all is well, or for the first blink. */
function connectionText({ phase, why, since, retryAt }) {
  if (SILENT_PHASES.has(phase)) return "";
  if (phase !== "away") return t(`phase_${phase}`);
  const now = Date.now();
  if (now - since < 1500 && !(why in REFUSALS)) return "";
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  if (why in REFUSALS) return t(REFUSALS[why], { count: seconds });
  return seconds > 0 ? t("lostRetry", { count: seconds }) : t("lostNow");
}
