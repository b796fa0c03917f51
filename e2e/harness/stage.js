// Where a story plays: a running server, companies, people; everything is taken down behind it, and the server's log is shown when a story fails.
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Api } from './api.js';
import { newHouse } from './house.js';
import { Person } from './person.js';
import { Proxy } from './proxy.js';

/** One stage for a test file: a service in the form of this run, with the company `c1`. */
export async function openStage(options) {
  const stage = new Stage(await newHouse(options));
  after(() => stage.close());
  await stage.open();
  return stage;
}

export class Stage {
  #people = [];
  #proxies = [];
  #closings = [];
  #keys = new Map();
  #seats = 0;

  /** `server`: a house; the word is that of the stories, which need not know how many nodes there are. */
  constructor(server) {
    this.server = server;
  }

  async open() {
    await this.server.start();
    await this.company('c1', 'Shop One');
  }

  async close() {
    await this.#empty();
    await this.server.close();
  }

  get api() {
    return new Api(this.server.url);
  }

  /** Makes a company and its API key; answers the key. `settings`: those that are not to be as usual. */
  async company(id, name, settings = {}) {
    const set = Object.entries(settings).flatMap(([setting, value]) => ['--set', `${setting}=${value}`]);
    await this.server.command('company', 'create', '--id', id, '--name', name, ...set);
    return this.key(id);
  }

  /** An API key of the company, made on the command line at the first call. */
  async key(companyid) {
    if (!this.#keys.has(companyid)) this.#keys.set(companyid, (await this.server.command('apikey', 'create', '--company', companyid)).trim());
    return this.#keys.get(companyid);
  }

  /** A visitor of the company with a fresh account, not yet connected. */
  visitor(nick = '小明', options = {}) {
    return this.#person('user', nick, options);
  }

  /** An agent of the company with a fresh account, not yet connected. */
  agent(nick = '客服一', options = {}) {
    return this.#person('cs', nick, options);
  }

  /** A visitor and an agent, connected and in the visitor's room. */
  async conversation(options = {}) {
    const [visitor, agent] = await Promise.all([this.visitor('小明', options), this.agent('客服一', options)]);
    await Promise.all([visitor.connects(), agent.connects()]);
    const room = await visitor.joins();
    await agent.joins(room.roomid);
    return { visitor, agent, roomid: room.roomid };
  }

  /** A further tab of the person, taken down with the rest. */
  tabOf(person) {
    return this.keeps(Object.assign(person.tab(), { url: this.#seat() }));
  }

  /** Somebody of whom nothing more is wanted, so that long stories stay small. */
  forgets(person) {
    this.#people.splice(this.#people.indexOf(person), 1);
  }

  async proxy(target = this.server.url) {
    const proxy = await new Proxy(target).open();
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Something else to be closed with the story. */
  closesWith(close) {
    this.#closings.push(close);
  }

  /** A test on this stage. When it fails, what the server wrote meanwhile is printed. */
  story(name, options, run = options) {
    test(name, options === run ? {} : options, async (context) => {
      if (!this.server.isAlive) await this.server.start();
      const from = this.server.log.length;
      try {
        await run(this, context);
        if (!this.server.isAlive) throw new Error('the server has died');
      } catch (cause) {
        for (const line of this.server.log.slice(from).slice(-40)) context.diagnostic(`server ${line}`);
        throw cause;
      } finally {
        await this.#empty();
      }
    });
  }

  async #person(type, nick, { companyid = 'c1', aid = `${type}-${randomUUID().slice(0, 8)}`, attributes } = {}) {
    const named = await this.api.token(await this.key(companyid), { type, aid, nick, companyid, ...(attributes && { attributes }) });
    if (named.body.errcode !== 0) throw new Error(`no token for ${nick}: ${JSON.stringify(named.body)}`);
    const { body } = await this.api.ticket(named.body.token);
    if (body.errcode !== 0) throw new Error(`no ticket for ${nick}: ${JSON.stringify(body)}`);
    return this.keeps(new Person({ url: this.#seat(), type, aid, nick, companyid, ticket: body.ticket }));
  }

  /** Each who comes sits at the node after that of who came before. */
  #seat() {
    const { nodes } = this.server;
    return nodes[this.#seats++ % nodes.length].url;
  }

  /** Somebody who is taken down with the rest. */
  keeps(person) {
    this.#people.push(person);
    return person;
  }

  async #empty() {
    await Promise.all(this.#closings.splice(0).map((close) => close()));
    await Promise.all(this.#people.splice(0).map((person) => person.hangsUp()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.close()));
  }
}
