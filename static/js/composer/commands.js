// What is typed with a slash in front: /me, /topic, /invite, /catchup, /help.

import { call } from "../core/api.js";
import { emit, on } from "../core/bus.js";
import { t } from "../lib/texts.js";

export function startCommands(store) {
  const room = `/api/rooms/${encodeURIComponent(store.state.room.name)}`;
  const field = document.getElementById("composer-text");
  const sendAsText = document.getElementById("send-as-it-is");

  const handlers = {
    me: (rest, said) => {
      said.text = `*${store.state.me.name} ${rest.replaceAll("*", "\\*")}*`;
      said.done = !rest;
    },
    topic: (rest) => request("PATCH", room, { topic: rest }, () => t(rest ? "topicSet" : "topicGone")),
    invite: (rest) =>
      request(
        "POST",
        `${room}/invite`,
        { username: rest.replace(/^[@＠]/, "") },
        ({ invited, member }) => t(member ? "added" : "invited", { name: invited.name }),
      ),
    catchup: () => emit("catch-up"),
    help: () => emit("show-keys"),
  };

  on("before-say", (said) => {
    const found = /^[/／]([a-z]+)(?:\s+([\s\S]*))?$/.exec(said.text);
    if (!found) return;
    const [, name, rest = ""] = found;
    said.done = true;
    if (Object.hasOwn(handlers, name)) return handlers[name](rest.trim(), said);
    said.kept = true;
    sendAsText.hidden = false; // a path, say, that begins a message
    emit("toast", { text: t("unknownCommand", { name: `/${name}` }) });
  });

  for (const said of ["say", "edit", "reply-to"]) on(said, () => (sendAsText.hidden = true));
  field.addEventListener("input", () => (sendAsText.hidden = true));
  sendAsText.addEventListener("click", () => emit("submit-as-it-is"));

  async function request(method, path, body, done) {
    try {
      emit("toast", { text: done(await call(method, path, body)) });
    } catch (error) {
      emit("toast", { text: error.message });
    }
  }
}
