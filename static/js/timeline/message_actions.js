// What one can do with a message: a bar in the message that is pointed at or focused, a menu with all of it, and keys.

import { emit, on } from "../core/bus.js";
import { copyOrShow } from "../lib/clipboard.js";
import { confirm } from "../lib/confirm_dialog.js";
import { t } from "../lib/texts.js";
import { possibleActions } from "../state/permissions.js";
import { startActionsBar } from "./actions_bar.js";
import { numberCitations, startCitations } from "./citations.js";
import { pressCode } from "./code_blocks.js";
import { forgetOpinion, toggleOpinion } from "./feedback.js";
import { enhance } from "./enhance.js";
import { startMessageKeys } from "./message_keys.js";
import { showOtherVersion } from "./reply_versions.js";

export function startMessageActions(store) {
  const log = document.getElementById("log");
  const { me, room } = store.state;
  const messageOf = (node) => store.state.messages.get(Number(node?.dataset.id));
  const actionsOf = (message) => possibleActions(message, { me, room, phase: store.state.connection.phase });
  const can = (node, name) => Boolean(messageOf(node)) && actionsOf(messageOf(node)).has(name);

  startActionsBar(log, (node) => messageOf(node) && actionsOf(messageOf(node)));
  startMessageKeys(log, { can, act: (name, node) => actions[name](messageOf(node), node, node) });
  startCitations(log);
  log.addEventListener("click", clicked);
  log.addEventListener("contextmenu", (event) => {
    const node = event.target.closest(".message");
    const isBrowsers = event.pointerType === "touch" || event.shiftKey ||
      event.target.closest("a, img, button, textarea") ||
      String(getSelection());
    if (
      isBrowsers ||
      !openMenu(node, event.detail || event.clientX ? { x: event.clientX, y: event.clientY } : { at: node })
    ) return;
    event.preventDefault();
  });
  // Only for fingers, where a screen takes them.
  if (matchMedia("(any-pointer: coarse)").matches) {
    import("../lib/long_press.js").then(({ onLongPress }) => onLongPress(log, ".reaction", longPressed));
  }
  on("message-action", ({ name, id, button, emoji }) => {
    const node = document.getElementById(`m${id}`);
    if (emoji) toggle(messageOf(node), emoji);
    else if (can(node, name)) actions[name](messageOf(node), node, button ?? node);
  });

  function longPressed(target) {
    const reaction = target.closest(".reaction");
    if (reaction) return emit("who-reacted", { button: reaction, aloud: true });
    const node = target.closest(".message");
    openMenu(node, { sheet: true });
  }

  /** Whether there is anything to offer. place: {at: element}, {x, y} or {sheet: true}. */
  function openMenu(node, place) {
    const message = messageOf(node);
    const names = message ? actionsOf(message) : new Set();
    if (!names.size) return false;
    const isBlocked = store.state.blocked.has(message.sender.id);
    emit("message-menu", { node, message, names, place, isBlocked });
    return true;
  }

  function clicked(event) {
    const button = event.target.closest("button");
    const node = event.target.closest(".message");
    if (!button || !node) return;
    const message = messageOf(node);
    if (button.dataset.do && button.dataset.emoji) toggle(message, button.dataset.emoji);
    // The second click of two on "Stop" lands on what has taken its place.
    else if (["continue", "again"].includes(button.dataset.do) && event.detail > 1) return;
    else if (button.dataset.do) actions[button.dataset.do]?.(message, node, button);
    else if (button.dataset.code) pressCode(button, document.getElementById("timeline"));
    else if (button.classList.contains("copy-code")) {
      copyAndConfirm(button.closest("pre").querySelector("code").textContent, "copiedCode");
    } else if (button.classList.contains("reaction")) toggle(message, button.dataset.emoji);
  }

  const actions = {
    more: (_message, node, button) => openMenu(node, { at: button }),
    react: (message, _node, button) => emit("pick-emoji", { at: button, then: (emoji) => toggle(message, emoji) }),
    reply: (message) => emit("reply-to", { message }),
    edit: (message) => emit("edit", { message }),
    files: (message) => emit("edit-files", { message }),
    delete(message) {
      if (store.state.connection.phase !== "live") return emit("toast", { key: "notConnected" });
      if (message.sender.id === me.id) return emit("delete-soon", { message });
      return deleteTheirs(message);
    },
    copy: (message) => copyAndConfirm(message.message, "copied"),
    link: (message) => copyAndConfirm(`${location.origin}${location.pathname}#m${message.id}`, "copiedLink"),
    forward: ({ id }) =>
      emit("open-panel", { address: `/chat/${encodeURIComponent(room.name)}/messages/${id}/forward/`, tab: "forward" }),
    report: ({ id }) =>
      emit("open-panel", { address: `/chat/${encodeURIComponent(room.name)}/messages/${id}/report/`, tab: "report" }),
    unread(message) {
      store.dispatch({ type: "local.unread", id: message.id });
      emit("command", { type: "unread", fields: { message_id: message.id } });
      emit("toast", { text: t("markedUnread") });
    },
    pin: ({ id }) => emit("command", { type: "pin", fields: { message_id: id } }),
    unpin: ({ id }) => emit("command", { type: "unpin", fields: { message_id: id } }),
    older: (message, node) => showVersion(message, node, -1),
    newer: (message, node) => showVersion(message, node, 1),
    good: (message, node) => toggleOpinion(room.name, message, "good", node),
    bad: (message, node) => toggleOpinion(room.name, message, "bad", node),
    stop: (message) => emit("command", { type: "stop", fields: { message_id: message.id } }),
    receipt: (message) => emit("show-receipt", { id: message.id }),
    block: ({ sender }) => emit("toggle-block", { person: sender }),
    continue: ({ id }) => emit("say-soon", { message: t("continueAnswer"), replyTo: id }),
    again(message, node) {
      forgetOpinion(message.id);
      emit("command", { type: "retry", fields: { message_id: message.id } });
      node.focus({ preventScroll: true }); // the offer goes, and the focus must not go with it
    },
    "say-again": (_message, node) => resolvePending("say-again", node),
    discard: (_message, node) => resolvePending("discard", node),
  };

  /** Of somebody else there is no undoing: nobody would see that it was offered. */
  async function deleteTheirs({ id, sender }) {
    if (await confirm(t("deleteTheirs", { name: sender.name }), t("delete"))) {
      emit("command", { type: "delete", fields: { message_id: id } });
    }
  }

  function showVersion(message, node, step) {
    showOtherVersion(room.name, message, node, step, (fragment) => {
      enhance(fragment, me);
      numberCitations(fragment);
    });
  }

  function resolvePending(what, node) {
    document.getElementById("composer-text").focus({ preventScroll: true });
    emit(what, { id: node.dataset.client });
  }

  function toggle(message, emoji) {
    const has = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.users.includes(me.id));
    emit("command", { type: has ? "unreact" : "react", fields: { message_id: message.id, emoji } });
  }
}

async function copyAndConfirm(text, key) {
  if (await copyOrShow(text)) emit("toast", { text: t(key) });
}
