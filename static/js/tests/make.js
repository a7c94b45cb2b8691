// Messages and states as the tests need them.

import { initial, reduce } from "../state/room_state.js";

export const alice = { id: 1, name: "alice", bot: false };
export const bob = { id: 2, name: "bob", bot: false };
export const robot = { id: 9, name: "bot", bot: true };

export function message(id, fields = {}) {
  return {
    type: "message",
    id,
    seq: id,
    room: "lobby",
    kind: "human",
    sender: bob,
    message: `text ${id}`,
    html: `<p>${fields.message ?? `text ${id}`}</p>\n`,
    created: "2026-11-20T10:00:00.000Z",
    client_id: null,
    reply_to: null,
    edited: null,
    deleted: false,
    reactions: [],
    mentions: [],
    state: "complete",
    ...fields,
  };
}

export const messages = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => message(from + at));

/** alice's page of a room, connected and up to date. */
export function room(shown = [], fields = {}) {
  const seq = Math.max(0, ...shown.map((each) => each.seq));
  const state = initial({ me: alice, room: { name: "lobby" }, seq, messages: shown, ...fields });
  return after(state, { type: "local.connection", connection: { phase: "live" } }, welcome(), { type: "resumed", seq });
}

export const welcome = (fields = {}) => ({
  type: "welcome",
  room: "lobby",
  you: alice,
  seq: 0,
  online: [alice],
  typing: [],
  limits: {},
  streaming: [],
  ...fields,
});
export const after = (state, ...events) => events.reduce(reduce, state);
export const texts = (state) => state.ids.map((id) => state.messages.get(id).message);
