// One room of a socket.io server with the Redis adapter: what a client sends as "message" goes to everyone in it.
// PORT and REDIS_SOCKET come from the environment. No sign-in, no database.

import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const publisher = createClient({ socket: { path: process.env.REDIS_SOCKET } });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"] });

io.on("connection", (socket) => {
  socket.on("join", (room) => {
    socket.join(room);
    socket.on("message", (text) => io.to(room).emit("message", text));
    socket.emit("joined");
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1");
