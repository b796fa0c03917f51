// What a service stands on. NODECHAT_FORM names the form of this run: one node over SQLite, one over PostgreSQL, or two over PostgreSQL and Redis.
import { randomUUID } from 'node:crypto';
import { createDatabase, dropDatabase, Postgres } from './postgres.js';
import { Proxy } from './proxy.js';
import { Redis } from './redis.js';

export const form = process.env.NODECHAT_FORM ?? 'sqlite';

/**
 * What a service stands on: `nodes`, how many there are; `settings(n)`, what node `n` is told of it; `close()`, when the last of them has ended.
 * A ground of its own for each service, so that none hears of another's rooms.
 */
export async function newGround() {
  const make = { sqlite: onSqlite, postgres: onPostgres, cluster: onPostgresAndRedis }[form];
  if (!make) throw new Error(`NODECHAT_FORM is \`${form}\`; there are sqlite, postgres and cluster`);
  return make();
}

/** One node with a data folder. */
export function onSqlite() {
  return { nodes: 1, settings: () => ({}), close: () => {} };
}

/** One node over a database of its own, at `url`. */
export async function onPostgres() {
  const { url, drop } = await emptyDatabase();
  return { nodes: 1, url, settings: () => ({ database_url: url }), close: drop };
}

async function onPostgresAndRedis() {
  const [{ url, drop }, redis] = await Promise.all([emptyDatabase(), new Redis().start()]);
  return {
    nodes: 2,
    settings: (n) => ({ database_url: url, redis_url: redis.url, node: nodeName(n) }),
    close: () => Promise.all([drop(), redis.kill()]),
  };
}

/**
 * A ground to break: so many nodes over a PostgreSQL and a Redis of their own. `cables.postgres[n]` and `cables.redis[n]` are the proxies
 * through which node `n` reaches them, if asked for.
 */
export async function breakableGround({ nodes, cabled = false }) {
  const [postgres, redis] = await Promise.all([new Postgres().start(), new Redis().start()]);
  await postgres.createDatabase('nodechat');
  const cablesTo = ({ port }) => (cabled ? Promise.all(Array.from({ length: nodes }, () => new Proxy(`http://127.0.0.1:${port}`).open())) : []);
  const cables = { postgres: await cablesTo(postgres), redis: await cablesTo(redis) };
  const through = (url, cable) => (cable ? Object.assign(new URL(url), { port: new URL(cable.url).port }).href : url);
  return {
    nodes,
    postgres,
    redis,
    cables,
    settings: (n) => ({ database_url: through(postgres.url('nodechat'), cables.postgres[n]), redis_url: through(redis.url, cables.redis[n]), node: nodeName(n) }),
    close: () => Promise.all([...[...cables.postgres, ...cables.redis].map((cable) => cable.close()), postgres.kill(), redis.kill()]),
  };
}

/** Nodes are called a, b, c … */
export function nodeName(n) {
  return String.fromCharCode('a'.charCodeAt(0) + n);
}

async function emptyDatabase() {
  const name = `stage_${randomUUID().replaceAll('-', '')}`;
  const server = await maintenance();
  return { url: await createDatabase(server, name), drop: () => dropDatabase(server, name) };
}

let own;

/** The PostgreSQL of the whole run, where services.js has started one; else one of this process. */
async function maintenance() {
  if (process.env.NODECHAT_TEST_POSTGRES) return process.env.NODECHAT_TEST_POSTGRES;
  own ??= new Postgres().start().then((postgres) => postgres.unref());
  return (await own).url();
}
