// Who is here: people by name, then bots. Of a crowd only some are shown, and all when asked for.

import { call } from "../core/api.js";
import { reconcileChildren } from "../lib/reconcile_children.js";
import { emit, on } from "../core/bus.js";
import { fillAvatar } from "../lib/avatars.js";
import { without } from "../state/people_state.js";
import { t } from "../lib/texts.js";
import { shownName } from "../lib/people.js";
import { statusLine } from "../lib/status_line.js";

const MAX_SHOWN = 200; // people

export function startPeopleList(store) {
  const list = document.getElementById("people-list");
  const counts = document.querySelectorAll("[data-people-count]");
  const [all, note] = document.getElementById("people-more").children;
  const other = document.getElementById("other"); // in direct messages
  const template = document.getElementById("person-template");
  const items = new Map(); // person's id → what shows them
  const shown = new WeakMap(); // what shows somebody → who it was made of
  let showsEverybody = false;

  show(store.state);
  on("state", ({ state, before }) => {
    if (state.blocked !== before.blocked) items.clear();
    if (["online", "onlineCount", "stale", "blocked"].some((name) => state[name] !== before[name])) show(state);
  });
  on("wire-welcome", () => (showsEverybody = false)); // it brings the first of a crowd alone
  all.addEventListener("click", showAll);

  function show({ online: everyone, onlineCount: count, stale, me, room, blocked }) {
    // In direct messages nothing is heard of somebody who is blocked.
    const online = room.with && blocked.has(room.with.id) ? without(everyone, room.with.id) : everyone;
    const onlineCount = count && count - everyone.size + online.size;
    for (const count of counts) count.textContent = onlineCount === null ? "" : String(onlineCount);
    if (room.with) other.classList.toggle("here", online.has(room.with.id) && onlineCount !== null && !stale);
    const [people, bots] = [false, true].map((bot) =>
      [...online.values()].filter((one) => Boolean(one.bot) === bot).sort(byName)
    );
    const first = showsEverybody ? people : people.slice(0, MAX_SHOWN);
    const focused = list.contains(document.activeElement);
    for (const id of items.keys()) if (!online.has(id)) items.delete(id);
    reconcileChildren(list, [...first, ...bots].map((one) => itemOf(one, me, blocked)));
    if (focused && !list.contains(document.activeElement)) list.focus(); // who left takes nothing along
    const more = (onlineCount ?? 0) - first.length;
    all.hidden = more <= 0;
    all.textContent = more > 0 ? t("andMore", { count: more }) : "";
    note.textContent = stale ? t("peopleStale") : "";
  }

  function itemOf(person, me, blocked) {
    const known = items.get(person.id);
    if (known && shown.get(known) === person) return known;
    const item = template.content.firstElementChild.cloneNode(true);
    items.set(person.id, item);
    shown.set(item, person);
    fillAvatar(item.querySelector(".avatar"), person);
    const name = item.querySelector(".name");
    name.textContent = shownName(person);
    name.dataset.name = person.name;
    item.querySelector(".said").textContent = statusLine(person);
    item.querySelector(".tag").hidden = !person.bot;
    item.querySelector(".you").hidden = person.id !== me.id;
    if (person.id !== me.id) {
      const link = item.querySelector("a");
      link.href = `/people/${encodeURIComponent(person.name)}/`;
      link.dataset.card = "profile";
    }
    item.classList.toggle("blocked", blocked.has(person.id));
    const block = item.querySelector("[data-block]");
    block.hidden = person.id === me.id;
    block.title = block.ariaLabel = t(blocked.has(person.id) ? "unblock" : "block", { name: shownName(person) });
    block.addEventListener("click", () => emit("toggle-block", { person }));
    return item;
  }

  async function showAll() {
    try {
      const found = await call("GET", `/api/rooms/${store.state.room.name}/online`);
      if (found.stale) throw new Error(t("peopleStale"));
      showsEverybody = true;
      store.dispatch({ ...found, type: "online" });
      list.focus();
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}

const byName = (a, b) => shownName(a).localeCompare(shownName(b));
