// Loads messages that are not in the page: older ones, newer ones after a jump back, and those that a link points to.

import { emit, on } from "../core/bus.js";
import { listen, scopeSignal } from "../core/scope.js";

export function startHistory(store) {
  const address = `/api/rooms/${encodeURIComponent(store.state.room.name)}/messages`;
  const left = scopeSignal();
  let busy = null;

  on("want-older", () => !store.state.atOldest && load("before", { before: store.state.ids[0] }));
  on("want-newer", () => !store.state.atNewest && load("after", { after: store.state.ids.at(-1) }));
  on("load-newest", async () => {
    await load("newest", {});
    if (!left?.aborted) emit("jump-newest");
  });
  on("jump-newest", () => {
    if (location.hash) history.replaceState(history.state, "", location.pathname); // or a reload would go back there
  });
  on("show-message", ({ id }) => show(id));
  on("show-from", ({ id }) => show(id, () => store.state.ids.find((each) => each >= id)));
  store.affect((state, before) => state.resets > before.resets && load("newest", {}));

  listen(document, "click", (event) => {
    const link = event.target.closest('a[href*="#m"]');
    const id = link && link.pathname === location.pathname && messageIdFromHash(link.hash);
    if (!id) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.hash);
    show(id);
  });
  listen(globalThis, "hashchange", () => messageIdFromHash(location.hash) && show(messageIdFromHash(location.hash)));
  if (messageIdFromHash(location.hash)) show(messageIdFromHash(location.hash));
  document.querySelector(".older a").addEventListener("click", (event) => {
    event.preventDefault();
    emit("want-older");
  });

  /** One load at a time. Scrolling repeats its requests; other loads wait for their turn. */
  async function load(where, query) {
    if (busy && (where === "before" || where === "after")) return busy;
    while (busy) await busy;
    busy = fetchPage(where, query);
    try {
      return await busy;
    } finally {
      busy = null;
    }
  }

  async function fetchPage(where, query) {
    try {
      const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) return false;
      const { messages, more, seq } = await answer.json();
      store.dispatch({ type: "local.page", where, messages, more, seq });
      return true;
    } catch {
      return false; // away: the next scroll asks again
    }
  }

  /** nearest(): what to show when there is no message of that id. */
  async function show(id, nearest = () => undefined) {
    while (busy) await busy;
    const loaded = store.state.messages.has(id) || (await load("around", { around: id }));
    if (left?.aborted) return;
    const found = store.state.messages.has(id) ? id : loaded && nearest();
    if (!found) return emit("toast", { key: loaded ? "noSuchMessage" : "requestFailed" });
    requestAnimationFrame(() => requestAnimationFrame(() => highlightMessage(found)));
  }
}

const messageIdFromHash = (hash) => Number(/^#m(\d+)$/.exec(hash)?.[1] ?? 0);

function highlightMessage(id) {
  const node = document.getElementById(`m${id}`);
  if (!node) return;
  node.closest(".fold")?.setAttribute("open", "");
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.remove("marked");
  void node.offsetWidth; // restarts the animation
  node.classList.add("marked");
}
