// What one can do with a message: one toolbar, put into the message that is pointed at or focused.

import { emit, on } from "../core/bus.js";
import { copy } from "../lib/clipboard.js";
import { t } from "../lib/texts.js";
import { forgetOpinion, toggleOpinion } from "./feedback.js";
import { enhance } from "./message_view.js";
import { showOtherVersion } from "./reply_versions.js";

export function startMessageActions(store) {
  const log = document.getElementById("log");
  const bar = document.getElementById("actions-template").content.firstElementChild.cloneNode(true);
  const { me, room } = store.state;
  let tapped = false;

  // While something is open that it has opened, the toolbar stays where it is.
  const isBusy = () => document.querySelector("dialog[open], #emoji-picker:popover-open") !== null;
  const points = ({ pointerType }) => pointerType !== "touch" && !isBusy();
  log.addEventListener("pointerover", (event) => points(event) && attach(event.target.closest(".message")));
  log.addEventListener(
    "pointerleave",
    (event) => points(event) && !bar.contains(document.activeElement) && bar.remove(),
  );
  log.addEventListener("focusin", (event) => !tapped && attach(event.target.closest(".message")));
  log.addEventListener("focusout", ({ relatedTarget: next }) => {
    const stays = !next || log.contains(next) || isBusy() || bar.matches(".message:hover > *");
    if (!stays) bar.remove();
  });
  // Only for fingers, where a screen takes them.
  if (matchMedia("(any-pointer: coarse)").matches) {
    import("../lib/long_press.js").then(({ onLongPress }) => onLongPress(log, ".reaction", longPressed));
  }

  function longPressed(target) {
    const reaction = target.closest(".reaction");
    if (reaction) return emit("who-reacted", { button: reaction, aloud: true });
    const node = target.closest(".message");
    if (!node) return;
    attach(node);
    node.focus({ preventScroll: true });
  }

  for (const name of ["pointerover", "focusin"]) {
    log.addEventListener(name, ({ target, pointerType }) => {
      const button = target.closest(".reaction");
      if (button && pointerType !== "touch") emit("who-reacted", { button });
    });
  }
  document.addEventListener("pointerdown", ({ pointerType, target }) => {
    tapped = pointerType === "touch"; // a tap gives the focus, but only a long press shows what can be done
    if (tapped && !target.closest(".actions, #emoji-picker")) bar.remove();
  });
  document.addEventListener("keydown", () => (tapped = false), { capture: true }); // a tablet may have keys, too
  log.addEventListener("click", clicked);
  on("state", ({ state, before }) => {
    const changed = state.messages !== before.messages || state.blocked !== before.blocked;
    if (bar.isConnected && changed) updateButtons(bar.closest(".message"));
  });

  function attach(node) {
    if (!node || node.contains(bar)) return;
    if (!messageOf(node)) return bar.remove();
    node.append(bar);
    updateButtons(node);
  }

  /** Only what can be done with this message by me is offered. */
  function updateButtons(node) {
    const message = messageOf(node);
    if (!message) return bar.remove();
    const mine = message.sender.id === me.id && message.kind === "human";
    const writing = message.state === "queued" || message.state === "streaming";
    const isVisit = store.state.connection.phase === "visiting"; // no connection for commands
    const can = {
      react: !isVisit && !message.deleted && !writing,
      reply: !message.deleted && !writing && message.kind !== "notice",
      edit: !isVisit && mine && !message.deleted,
      delete: !isVisit && (mine || (room.moderates && !writing && message.kind !== "notice")) && !message.deleted,
      copy: !message.deleted,
      link: true,
      unread: store.state.connection.phase === "live" && message.sender.id !== me.id,
      block: message.sender.id !== me.id,
    };
    const block = bar.querySelector("[data-do=block]");
    block.title = block.ariaLabel = t(store.state.blocked.has(message.sender.id) ? "unblock" : "block", {
      name: message.sender.name,
    });
    for (const button of bar.querySelectorAll("[data-do]")) {
      if (button === document.activeElement && !can[button.dataset.do]) node.focus({ preventScroll: true });
      button.hidden = !can[button.dataset.do];
    }
  }

  function clicked(event) {
    const button = event.target.closest("button");
    const node = event.target.closest(".message");
    if (!button || !node) return;
    const message = messageOf(node);
    if (button.dataset.do) actions[button.dataset.do](message, node, button);
    else if (button.classList.contains("copy-code")) {
      copyAndConfirm(button.closest("pre").querySelector("code").textContent, "copiedCode");
    } else if (button.classList.contains("reaction")) toggle(message, button.dataset.emoji);
  }

  const actions = {
    react: (message, _node, button) => emit("pick-emoji", { at: button, then: (emoji) => toggle(message, emoji) }),
    reply: (message) => emit("reply-to", { message }),
    edit: (message) => emit("edit", { message }),
    delete: (message) =>
      emit(
        ...(store.state.connection.phase === "live"
          ? ["delete-soon", { message }]
          : ["toast", { key: "notConnected" }]),
      ),
    copy: (message) => copyAndConfirm(message.message, "copied"),
    link: (message) => copyAndConfirm(`${location.origin}${location.pathname}#m${message.id}`, "copiedLink"),
    unread(message) {
      store.dispatch({ type: "local.unread", id: message.id });
      emit("command", { type: "unread", fields: { message_id: message.id } });
      emit("toast", { text: t("markedUnread") });
    },
    older: (message, node) => showVersion(message, node, -1),
    newer: (message, node) => showVersion(message, node, 1),
    good: (message, node) => toggleOpinion(room.name, message, "good", node),
    bad: (message, node) => toggleOpinion(room.name, message, "bad", node),
    stop: (message) => emit("command", { type: "stop", fields: { message_id: message.id } }),
    receipt: (message) => emit("show-receipt", { id: message.id }),
    block: ({ sender }) => emit("toggle-block", { person: sender }),
    again(message, node) {
      forgetOpinion(message.id);
      emit("command", { type: "retry", fields: { message_id: message.id } });
      node.focus({ preventScroll: true }); // the offer goes, and the focus must not go with it
    },
    "say-again": (_message, node) => resolvePending("say-again", node),
    discard: (_message, node) => resolvePending("discard", node),
  };

  function showVersion(message, node, step) {
    showOtherVersion(room.name, message, node, step, (fragment) => enhance(fragment, me));
  }

  function resolvePending(what, node) {
    document.getElementById("composer-text").focus({ preventScroll: true });
    emit(what, { id: node.dataset.client });
  }

  function toggle(message, emoji) {
    const has = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.users.includes(me.id));
    emit("command", { type: has ? "unreact" : "react", fields: { message_id: message.id, emoji } });
  }

  const messageOf = (node) => store.state.messages.get(Number(node?.dataset.id));
}

async function copyAndConfirm(text, key) {
  try {
    await copy(text);
    emit("toast", { text: t(key) });
  } catch {
    emit("toast", { text: t("cannotCopy") });
  }
}
