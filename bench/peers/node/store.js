// The stores of the Node peer: a position for each message, dense in its room, with or without a disk.
import { join } from "node:path";

/**
 * `append(roomid, message, done)` calls `done(pos)` when the message is stored; `page` reads back.
 * Kinds: `memory` keeps positions and nothing else; `sqlite` commits and syncs each message before `done`, as a plain
 * program does; `sqlite-grouped` commits together what came in one turn of the event loop, then calls every `done`.
 */
export async function openStore(kind, folder) {
  if (kind === "memory") return memory();
  if (kind === "sqlite") return sqlite(folder, eachByItself);
  if (kind === "sqlite-grouped") return sqlite(folder, inGroups);
  throw new Error(`there is no store ${kind}`);
}

function memory() {
  const positions = new Map();
  return {
    next: (roomid) => positions.get(roomid) ?? 0,
    append(roomid, _message, done) {
      const pos = positions.get(roomid) ?? 0;
      positions.set(roomid, pos + 1);
      done(pos);
    },
    page: () => [],
    close() {},
  };
}

async function sqlite(folder, committing) {
  const { Database } = await engineOfThisMachine();
  const db = new Database(join(folder, "peer.db"));
  db.exec("pragma journal_mode = wal; pragma synchronous = full;");
  db.exec(`create table if not exists message (
    room text not null, pos integer not null, id text not null unique, body text not null, primary key (room, pos)
  ) without rowid`);
  const insert = db.prepare("insert into message (room, pos, id, body) values (?, ?, ?, ?)");
  const last = db.prepare("select max(pos) as pos from message where room = ?");
  const range = db.prepare("select pos, body from message where room = ? and pos >= ? and pos < ? order by pos");
  const positions = new Map();
  const next = (roomid) => {
    if (!positions.has(roomid)) positions.set(roomid, (last.get(roomid).pos ?? -1) + 1);
    return positions.get(roomid);
  };
  const write = (roomid, message) => {
    const pos = next(roomid);
    insert.run(roomid, pos, message.id, JSON.stringify(message));
    positions.set(roomid, pos + 1);
    return pos;
  };
  return {
    next,
    append: committing(db, write),
    page: (roomid, start, count) =>
      range.all(roomid, Math.max(0, start), start + count).map(({ pos, body }) => ({ ...JSON.parse(body), pos })),
    close: () => db.close(),
  };
}

function eachByItself(_db, write) {
  return (roomid, message, done) => done(write(roomid, message));
}

function inGroups(db, write) {
  let waiting = [];
  const commit = db.transaction((group) => group.map(({ roomid, message }) => write(roomid, message)));
  const flush = () => {
    const group = waiting;
    waiting = [];
    const positions = commit(group);
    group.forEach(({ done }, index) => done(positions[index]));
  };
  return (roomid, message, done) => {
    waiting.push({ roomid, message, done });
    if (waiting.length === 1) setImmediate(flush);
  };
}

// better-sqlite3 is the quicker one, but its package has no binary in it and must be compiled where its prebuilt one
// cannot be fetched; libsql has the same interface and brings its binary along.
/** Which SQLite the durable stores use here, with its version. */
export async function describeEngine() {
  const { engine, Database } = await engineOfThisMachine();
  const [{ version }] = new Database(":memory:").prepare("select sqlite_version() as version").all();
  return `${engine} (SQLite ${version})`;
}

async function engineOfThisMachine() {
  for (const name of ["better-sqlite3", "libsql"]) {
    try {
      const Database = (await import(name)).default;
      new Database(":memory:").close();
      return { engine: name, Database };
    } catch (error) {
      console.error(`${name} cannot be used here: ${error.message}`);
    }
  }
  throw new Error("neither better-sqlite3 nor libsql can be used: run `npm ci` in bench/peers/node");
}
