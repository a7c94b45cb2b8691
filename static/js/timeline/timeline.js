// Renders the messages of the state in order, with headings for days, grouped, and pending ones at the end.

import { reconcileChildren } from "../lib/reconcile_children.js";
import { emit, on } from "../core/bus.js";
import { every } from "../core/scope.js";
import { isFoldable, joinsFold, makeFolds } from "./folds.js";
import { continues, dayOf, isGone, repliedTo } from "../state/grouping.js";
import { adoptServerNode, createMessageNode, refreshTime, renderMessage, setContinuation } from "./message_view.js";
import { pendingToMessage } from "./pending_message.js";
import { makeScroll } from "./scroll.js";
import { dayName } from "../lib/times.js";

const MAX_NEW = 60; // messages that are made in one frame: more than a page of history
const WORTH_SUMMING_UP = 10; // new messages

export function startTimeline(store) {
  const log = document.getElementById("log");
  const box = document.getElementById("timeline");
  const scroll = makeScroll(box, store);
  const nodes = new Map(); // message id, or client id of a pending message → node
  const days = new Map(); // message id → the heading before it
  const newLine = log.querySelector(".new-line") ?? cloneOf("new-line-template");
  const older = document.getElementById("older");
  const beginning = document.querySelector(".beginning");
  const { me, room } = store.state;

  for (const node of log.querySelectorAll(".message")) {
    const message = store.state.messages.get(Number(node.dataset.id));
    if (!message) continue;
    adoptServerNode(node, message, { me, blocked: store.state.blocked });
    nodes.set(message.id, node);
    const heading = headingBefore(node);
    if (heading) days.set(message.id, heading);
  }
  render(store.state, null);
  scroll.settle();

  on("state", ({ state, before }) => {
    const same = ["messages", "pending", "places", "progress", "thoughts", "newId", "atOldest", "blocked", "online"]
      .every((
        name,
      ) => state[name] === before[name]);
    if (!same) scroll.keepStill(() => render(state, before));
  });
  on("rows-changed", ({ change }) => scroll.keepStill(() => (change?.(), render(store.state, store.state))));
  every(30_000, () => {
    for (const node of log.querySelectorAll(".message:not(.follows)")) refreshTime(node);
    for (const [id, node] of days) dayHeading(id, node.querySelector("time").dateTime); // midnight passes
  });

  function offerToSumUp({ ids, newId }) {
    const count = ids.length - ids.indexOf(newId);
    newLine.querySelector("[data-catch-up]").hidden = Boolean(room.with) || count < WORTH_SUMMING_UP;
  }

  function render(state, before) {
    offerToSumUp(state);
    const shown = [...timelineNodes(state), ...pendingNodes(state)];
    reconcileChildren(log, shown);
    box.classList.toggle("is-empty", !shown.length);
    older.hidden = state.atOldest;
    beginning.hidden = !state.atOldest;
    deleteUnless(nodes, (key) => state.messages.has(key) || state.pending.some((item) => item.id === key));
    deleteUnless(days, (key) => state.messages.has(key));
    if (before === null) log.setAttribute("aria-busy", "false");
  }

  function timelineNodes(state) {
    const found = [];
    const folded = []; // the run at the end of `found` that will be folded: {node, message}
    const foldOf = makeFolds();
    let previous = null;
    const fold = () => {
      const run = folded.splice(0);
      if (run.length) found.push(foldOf(run.map(({ node }) => node), run.map(({ message }) => message)));
    };
    const answered = repliedTo(state.messages);
    let isNew = false; // the line "new" comes before the next message that is there
    let left = MAX_NEW;
    for (const [at, id] of state.ids.entries()) {
      const message = state.messages.get(id);
      if (!nodes.has(id) && left-- <= 0 && !state.ids.slice(at).some((each) => nodes.has(each))) {
        requestAnimationFrame(() => emit("rows-changed")); // the rest, after this much was painted
        break;
      }
      const node = nodeOf(message);
      isNew ||= id === state.newId;
      if (showGone(node, message, answered)) {
        found.push(node);
        continue;
      }
      const day = dayOf(message.created);
      const newDay = !previous || dayOf(previous.created) !== day;
      const last = folded.at(-1)?.message;
      if (newDay || isNew || (last && !joinsFold(last, message, state.blocked))) fold();
      if (newDay) found.push(dayHeading(id, day));
      if (isNew) found.push(newLine);
      renderMessage(node, message, {
        me,
        room,
        position: state.places.get(id),
        progress: state.progress.get(id),
        thoughts: state.thoughts.get(id),
        blocked: state.blocked,
        status: state.online.get(message.sender.id),
        live: state.connection.phase !== "visiting",
      });
      setContinuation(node, !newDay && !isNew && continues(previous, message));
      isNew = false;
      // A bot's reply right under its question needs no quote.
      node.classList.toggle(
        "answers",
        message.kind === "bot" && previous !== null && previous.id === message.reply_to?.id,
      );
      if (isFoldable(message, state.blocked)) folded.push({ node, message });
      else found.push(node);
      previous = message;
    }
    fold();
    return found;
  }

  /** Whether a message is gone; if so, it is not seen, and the focus moves on to a neighbour. */
  function showGone(node, message, answered) {
    const gone = isGone(message, answered);
    if (gone) {
      renderMessage(node, message, { me, room, blocked: store.state.blocked });
      if (node.contains(document.activeElement)) neighbourOf(node)?.focus({ preventScroll: true });
    }
    node.classList.toggle("gone", gone);
    return gone;
  }

  function pendingNodes(state) {
    const answered = repliedTo(state.messages);
    let previous = state.messages.get(state.ids.findLast((id) => !isGone(state.messages.get(id), answered)));
    return state.pending.map((item) => {
      const message = pendingToMessage(item, state);
      const node = nodes.get(item.id) ?? createNode(item.id);
      renderMessage(node, message, { me, room, blocked: state.blocked });
      setContinuation(node, continues(previous, message));
      node.dataset.pending = item.status;
      previous = message;
      return node;
    });
  }

  /** The node of a message. A pending message that has been confirmed keeps its node. */
  function nodeOf(message) {
    const known = nodes.get(message.id);
    if (known) return known;
    const pendingNode = message.sender.id === me.id && nodes.get(message.client_id);
    if (!pendingNode) return createNode(message.id);
    nodes.delete(message.client_id);
    nodes.set(message.id, pendingNode);
    delete pendingNode.dataset.pending;
    delete pendingNode.dataset.client;
    return pendingNode;
  }

  function createNode(key) {
    const node = createMessageNode();
    if (typeof key === "string") node.dataset.client = key;
    nodes.set(key, node);
    return node;
  }

  function dayHeading(id, day) {
    const node = days.get(id) ?? cloneOf("day-template");
    days.set(id, node);
    const time = node.querySelector("time");
    const name = dayName(day);
    if (time.textContent !== name) time.textContent = name;
    time.dateTime = day;
    return node;
  }
}

/** The message that stands before or after another. */
function neighbourOf(node) {
  const all = [...node.closest("#log").querySelectorAll(".message:not(.gone)")];
  const at = all.indexOf(node);
  return all[at + 1] ?? all[at - 1];
}

const cloneOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

function headingBefore(node) {
  const before = node.previousElementSibling;
  if (before?.classList.contains("day")) return before;
  return before?.classList.contains("new-line") ? headingBefore(before) : null;
}

function deleteUnless(map, keep) {
  for (const key of map.keys()) if (!keep(key)) map.delete(key);
}
