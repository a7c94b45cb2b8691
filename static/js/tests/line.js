// A page's connection without a server: what socket.js needs of a browser, and the lines that it opens.

export const lines = [];

class Line {
  static OPEN = 1;
  readyState = 1;
  sent = [];

  constructor(address) {
    this.address = address;
    lines.push(this);
  }

  send(frame) {
    this.sent.push(JSON.parse(frame));
  }

  say(...events) {
    this.onmessage({ data: JSON.stringify(events) });
  }

  close() {
    this.readyState = 3;
  }
}

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

/** A page with a document of its own, connected. comeBack() gives the line after this one, once that is lost. */
export function connected(context, apis = ["setTimeout"]) {
  context.mock.timers.enable({ apis });
  globalThis.document = new EventTarget();
  window = new EventTarget();
  const toasts = [];
  on("toast", ({ key }) => toasts.push(key));
  const store = makeStore(reduce, initial({ me: { id: 1, name: "alice" }, room: { name: "lobby" }, seq: 5 }));
  startSocket(store);
  lines.at(-1).say(welcome, { type: "resumed", seq: 5 });
  const comeBack = () => {
    context.mock.timers.tick(60_000);
    lines.at(-1).say(welcome);
    return lines.at(-1);
  };
  return {
    store,
    line: lines.at(-1),
    toasts,
    comeBack,
    order: (type, id) => emit("command", { type, id, fields: { message_id: 7 } }),
  };
}
