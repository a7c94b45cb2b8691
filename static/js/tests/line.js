// A page's connection without a server: what it needs of a browser, and the lines that it opens.

import { test } from "node:test";

export const lines = [];
let isOld = false; // whether the server knows only the addresses of rooms

class Line {
  static OPEN = 1;
  readyState = 1;
  sent = []; // but what enters and leaves rooms
  rooms = []; // that

  constructor(address) {
    this.address = address;
    this.isPage = address.endsWith("/ws/page/");
    this.isGreeted = false;
    lines.push(this);
  }

  send(frame) {
    const command = JSON.parse(frame);
    (/subscribe$/.test(command.type) ? this.rooms : this.sent).push(command);
  }

  /** Up to which number the page has asked for. */
  get since() {
    return this.isPage ? this.rooms.at(-1).since : Number(this.address.split("since=")[1]);
  }

  greet() {
    if (this.isPage && !this.isGreeted) this.bring(connectedEvent);
    this.isGreeted = true;
    return this;
  }

  /** What happens in the room, and answers. */
  say(...events) {
    if (!this.isPage) return this.bring(events);
    this.greet();
    for (const event of events) {
      this.bring(event.type === "ack" || event.type === "error" ? event : { room: "lobby", events: [event] });
    }
  }

  bring(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  close() {
    this.readyState = 3;
  }
}

const connectedEvent = { type: "connected", you: {}, limits: {}, unread: [], blocked: [], invitations: [] };
export const welcome = {
  type: "welcome",
  room: "lobby",
  seq: 5,
  you: {},
  online: [],
  count: 0,
  typing: [],
  streaming: [],
};
globalThis.location = { protocol: "http:", host: "here" };
globalThis.document = new EventTarget();
let window = new EventTarget();
globalThis.addEventListener = (...given) => window.addEventListener(...given);
export const happens = (name) => window.dispatchEvent(new Event(name)); // to the window
globalThis.requestAnimationFrame = () => {}; // nothing is drawn
globalThis.WebSocket = Line;
const { on, emit } = await import("../core/bus.js");
const { makeStore } = await import("../core/store.js");
const { initial, reduce } = await import("../state/room_state.js");
const { startSocket } = await import("../core/socket.js");
const { makeConnection } = await import("../core/connection.js");

/** A test of the page's connection, and of the room's own at a server that knows no other. */
export function both(name, run) {
  test(name, (context) => {
    isOld = false;
    return run(context);
  });
  test(`${name} (at a server of before)`, (context) => {
    isOld = true;
    return run(context);
  });
}

/** A page with a document of its own, connected. comeBack() gives the line after this one, once that is lost. */
export function connected(context, apis = ["setTimeout"]) {
  context.mock.timers.enable({ apis });
  globalThis.document = new EventTarget();
  window = new EventTarget();
  const toasts = [];
  on("toast", ({ key }) => toasts.push(key));
  const store = makeStore(reduce, initial({ me: { id: 1, name: "alice" }, room: { name: "lobby" }, seq: 5 }));
  const connection = makeConnection();
  const room = startSocket(store, connection);
  if (isOld) refuse(context);
  lines.at(-1).say(welcome, { type: "resumed", seq: 5 });
  const comeBack = () => {
    context.mock.timers.tick(60_000);
    if (isOld) refuse(context);
    lines.at(-1).say(welcome);
    return lines.at(-1);
  };
  return {
    store,
    connection,
    room,
    line: lines.at(-1),
    toasts,
    comeBack,
    order: (type, id) => emit("command", { type, id, fields: { message_id: 7 } }),
  };
}

/** An old server knows no pages: the handshake fails, and the page tries the room's own address. */
export function refuse(context) {
  if (!isOld) return;
  lines.at(-1).onclose({ code: 1006, reason: "" });
  context.mock.timers.tick(60_000);
}
