// nginx and haproxy with the configurations of docs/guide in front of nodes: every client gets through, a session stays where it is, a node that goes is not missed.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { after } from 'node:test';
import { Api } from '../harness/api.js';
import { Balancer, balancers, placeName } from '../harness/balancer.js';
import { breakableGround } from '../harness/ground.js';
import { newHouse } from '../harness/house.js';
import { jsVersions, pythonVersions } from '../harness/person.js';
import { RawPolling } from '../harness/raw-polling.js';
import { Stage } from '../harness/stage.js';
import { until } from '../harness/until.js';

const clients = [...jsVersions, ...pythonVersions.map((version) => `python ${version}`)];
const WAYS = ['websocket', 'polling', 'upgrade'];
const PER_MINUTE = 5;

const ground = await breakableGround({ nodes: 3 });
const settings = (n) => ({ ...ground.settings(n), node: placeName(n), trust_proxy: 'true', stop_notice_ms: '1500' });
const stage = new Stage(await newHouse({ args: [], ground: { ...ground, settings } }));
after(() => stage.close());
await stage.open();
const nodes = stage.server.nodes;

for (const kind of balancers) {
  for (const client of clients) {
    balanced(`${client} is served through it, whichever way it travels`, { kind, nodes: 3 }, async ({ url }) => {
      const agent = await stage.agent();
      await agent.connects({ via: url });
      for (const way of WAYS) {
        const visitor = await stage.visitor(`${client} ${way}`);
        await visitor.connects({ client, way, via: url });
        await visitor.joins();
        await agent.joins(visitor.roomid);
        const texts = Array.from({ length: 20 }, (_, n) => `第 ${n} 句`);
        await visitor.saysAll(texts);
        await agent.hears(texts.at(-1));
        await agent.says('收到');
        await visitor.hears('收到');
        if (way === 'upgrade') await until('it is upgraded', () => visitor.link.transport() === 'websocket');
        assert.equal(visitor.noticed('session').length, 1, 'one session was enough');
        assert.deepEqual((await visitor.history()).map(({ msg }) => msg), [...texts, '收到']);
      }
    });
  }

  for (const count of [2, 3]) {
    balanced(`sessions of ${count} nodes stay where they are`, { kind, nodes: count }, async ({ url }) => {
      const visitor = await stage.visitor();
      const sessions = await Promise.all(Array.from({ length: 12 }, () => RawPolling.letIn(url, visitor)));
      const places = new Set(sessions.map(({ sid }) => sid.split('-')[0]));
      assert.deepEqual([...places].sort(), Array.from({ length: count }, (_, n) => placeName(n)), 'they are spread over all');
      for (const session of sessions) {
        for (let turn = 0; turn < 5; turn += 1) {
          assert.equal((await session.post(`42${turn}["user",{"type":"userinfo"}]`)).text, 'ok');
          assert.match((await session.poll()).text, new RegExp(`^43${turn}\\[`));
        }
      }
    });
  }

  balanced('a node that stops sends its people to the others, and nobody is turned away meanwhile', { kind, nodes: 3 }, async ({ url }) => {
    const people = [];
    for (const way of WAYS) {
      for (let n = 0; n < 6; n += 1) {
        const visitor = await stage.visitor(`${way} ${n}`);
        await visitor.connects({ way, via: url });
        await visitor.joins();
        people.push(visitor);
      }
    }
    const sessions = () => people.map((visitor) => visitor.noticed('session').length);
    const stopping = nodes[0].stop();
    const knocks = knocking(url, () => nodes[0].isAlive);
    assert.equal((await stopping).code, 0);
    assert.deepEqual(await knocks, [], 'every handshake and every call found a node');
    await until('those who were there are somewhere else', () => people.every((visitor) => visitor.link.isOpen), 15_000);
    assert.ok(sessions().some((count) => count === 1) && sessions().some((count) => count > 1), 'only those of one node had to move');
    for (const visitor of people) {
      await until(`${visitor.nick} is let in`, () => visitor.link.isOpen);
      await visitor.joins(visitor.roomid);
      assert.equal((await visitor.says('还在')).success, true);
    }
    await nodes[0].start();
  });

  balanced('visitors are told apart by their own addresses, whatever they claim', { kind, nodes: 2 }, async ({ url }) => {
    const refused = async (from, headers = {}) => {
      const token = `wrong-${randomBytes(8).toString('hex')}`;
      return (await call(`${url}/onlinechat/api/ticket?token=${token}`, { from, headers })).errcode;
    };
    // Both nodes count; so many errors are too many for either.
    for (let n = 0; n < 4 * PER_MINUTE; n += 1) await refused('127.0.0.2');
    assert.equal(await refused('127.0.0.2'), 4029);
    assert.equal(await refused('127.0.0.2', { 'x-forwarded-for': '127.0.0.9' }), 4029, 'a claim changes nothing');
    assert.equal(await refused('127.0.0.3'), 4003, 'somebody else is nobody’s debtor');
  }, { failures_per_minute: PER_MINUTE });

  balanced('a large file goes through in both directions, and pages of the operators do not', { kind, nodes: 2 }, async ({ url }) => {
    const visitor = await stage.visitor();
    const bytes = Buffer.from(randomBytes(15_000_000).toString('base64'));
    const api = new Api(url);
    const { body } = await api.uploadFile(visitor.ticket, bytes, '记录.txt', 'text/plain');
    assert.equal(body.errcode, 0, JSON.stringify(body));
    const response = await fetch(api.fileUrl(body.fileid));
    assert.equal(response.status, 200);
    assert.ok(bytes.equals(Buffer.from(await response.arrayBuffer())), 'it came back as it was sent');
    for (const page of ['/metrics', '/readyz']) assert.equal((await fetch(url + page)).status, 404, page);
  });
}

/** A story with a balancer in front of the first so many nodes of the stage, or of nodes of its own where they need settings. */
function balanced(name, { kind, nodes: count }, run, own) {
  stage.story(`${kind}: ${name}`, { timeout: 120_000 }, async () => {
    let served = nodes.slice(0, count);
    if (own) {
      const variables = Object.fromEntries(Object.entries(own).map(([key, value]) => [`NODECHAT_${key.toUpperCase()}`, String(value)]));
      const house = await newHouse({ args: [], ground: { nodes: count, settings, close: () => {} }, env: variables });
      stage.closesWith(() => house.close());
      served = (await house.start()).nodes;
    }
    const balancer = await new Balancer(kind, served).open();
    stage.closesWith(() => balancer.close());
    await run(balancer);
  });
}

/** Shakes hands and calls again and again, as long as `goesOn`; answers what went wrong. */
async function knocking(url, goesOn) {
  const faults = [];
  const api = new Api(url);
  const key = await stage.key('c1');
  while (goesOn()) {
    const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
    await response.arrayBuffer();
    if (response.status !== 200) faults.push(`handshake: ${response.status}`);
    const { status, body } = await api.token(key, { type: 'user', aid: 'somebody', nick: 'n', companyid: 'c1' });
    if (body.errcode !== 0) faults.push(`call: ${status} ${JSON.stringify(body)}`);
  }
  return faults;
}

/** A call from one of the addresses of this machine; answers the body. */
function call(url, { from, headers }) {
  return new Promise((resolve, reject) => {
    const asking = get(url, { localAddress: from, headers }, async (response) => {
      let text = '';
      for await (const bytes of response) text += bytes;
      resolve(JSON.parse(text));
    });
    asking.on('error', reject);
  });
}
