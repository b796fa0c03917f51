// Node socket.io as a yardstick: the chat events of the channel, in memory or durable in SQLite.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { Server } from "socket.io";
import { describeEngine, openStore } from "./store.js";

const PAGE = 10;

const { values } = parseArgs({
  options: {
    store: { type: "string", default: "memory" },
    "data-dir": { type: "string", default: "." },
    describe: { type: "boolean", default: false },
  },
});
if (values.describe) {
  const { version } = createRequire(import.meta.url)("socket.io/package.json");
  console.log(`Node ${process.version}, socket.io ${version}, ${await describeEngine()}`);
  process.exit(0);
}
const store = await openStore(values.store, values["data-dir"]);
const http = createServer();
// As its own guides advise for speed: WebSocket alone, no compression, `ws` underneath (the default).
const io = new Server(http, { serveClient: false, transports: ["websocket"], perMessageDeflate: false });
// As they advise for memory: the first request of each connection is not kept.
io.engine.on("connection", (connection) => {
  connection.request = null;
});

io.on("connection", (socket) => {
  const aid = socket.id;
  socket.emit("session", { aid, mid: aid, account: aid, nick: "", type: "user", time: Date.now() });
  socket.on("join", ({ roomid }, ack) => {
    socket.join(roomid);
    const next = store.next(roomid);
    const start = Math.max(0, next - PAGE);
    ack(null, { roomid, data: { roomid, chat_msgs: store.page(roomid, start, PAGE), msg_pos: start } });
  });
  socket.on("chat", ({ roomid, type, msg, id }, ack) => {
    if (!socket.rooms.has(roomid)) {
      ack({ errcode: 4003, errmsg: "not joined" });
      return;
    }
    const time = Date.now();
    const message = { id, type: "usermsg", mtype: type, aid, mid: aid, nick: "", time, msg };
    store.append(roomid, message, (pos) => {
      io.to(roomid).emit("chat", { roomid, data: { ...message, pos } });
      ack(null, { success: true, id, pos, time });
    });
  });
  socket.on("user", ({ type, roomid, start }, ack) => {
    if (type !== "viewchat" || !socket.rooms.has(roomid)) {
      ack({ errcode: 4003, errmsg: "not joined" });
      return;
    }
    ack(null, { roomid, chat_msgs: store.page(roomid, start, PAGE) });
  });
});

process.on("SIGTERM", () => {
  store.close();
  process.exit(0);
});

http.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}/`);
});
