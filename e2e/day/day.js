// A whole day at several companies: who they are, how it goes by, and what the server shows of it at the end.
import { Rest } from '../harness/rest.js';
import { until } from '../harness/until.js';
import { Agent } from './agent.js';
import { judgeDay } from './judge.js';
import { Ledger } from './ledger.js';
import { Line } from './line.js';
import { intentions, shift } from './plan.js';
import { Visitor } from './visitor.js';

const AGENTS = 10;
const CAP = 3;

/** Visitors who are there at once at each company: more than there are seats. */
const AT_ONCE = 45;

/** Rows of a list at once, and rooms that are read at once at the end. */
const PAGE = 200;
const READ_AT_ONCE = 20;

/** The three companies: two with a bot; in the third an agent may be away for a short time only. */
const COMPANIES = [
  { id: 'market', hasBot: true, graceMs: 120_000 },
  { id: 'garden', hasBot: true, graceMs: 120_000 },
  { id: 'brisk', hasBot: false, graceMs: 4_000 },
];

const QUESTIONS = [{ title: 'returns', default: true, items: [{ title: 'how do I return something', answer: 'put it back into its box' }, { title: 'when is it refunded', answer: 'within three days' }] }];

export class Day {
  /** One company each. */
  shops = [];
  #visited = 0;

  /** `visitors`: how many come over the day, to all companies together. */
  constructor(stage, { visitors, random }) {
    this.stage = stage;
    this.visitors = visitors;
    this.random = random;
  }

  /** Opens the companies and lets their agents come. */
  async opens() {
    this.shops = await Promise.all(COMPANIES.map((company) => new Shop(this, company).opens()));
  }

  /** The share of the day that is over. */
  get share() {
    return this.#visited / this.visitors;
  }

  /** Lets everybody come, so many at once; resolves when the last one has gone and everything begun is done. */
  async passes() {
    const each = this.shops.map((shop, n) => Math.floor((this.visitors + this.shops.length - 1 - n) / this.shops.length));
    await Promise.all(this.shops.map((shop, n) => shop.passes(each[n], () => this.#goesOn())));
    for (const shop of this.shops) await shop.closes();
  }

  /** Every difference between what was written down and what the server shows. */
  async faults() {
    const faults = [];
    for (const shop of this.shops) faults.push(...judgeDay(shop.ledger, await shop.shown(), shop.company).map((fault) => ({ company: shop.company.id, ...fault })));
    return faults;
  }

  /** What there was of each. */
  figures() {
    const sum = (count) => this.shops.map(count).reduce((all, one) => all + one, 0);
    const of = (what) => sum(({ ledger }) => ledger.count(what));
    return { visitors: this.visitors, messages: sum(({ ledger }) => ledger.messages.size), consultations: of('asked'), reopened: of('reopened'), offers: of('offered'), transfers: of('handed'), ratings: of('rated'), missed: of('missed') };
  }

  /** Throws what has gone wrong. */
  check() {
    for (const shop of this.shops) shop.alarm.check();
  }

  #goesOn() {
    this.#visited += 1;
    for (const shop of this.shops) shop.goesOn(this.share);
  }
}

/** Remembers the first thing that went wrong, wherever it did, and throws it at whoever waits. */
function newAlarm() {
  let first;
  const alarm = (cause) => (first ??= cause);
  alarm.check = () => {
    if (first) throw first;
  };
  return alarm;
}

export class Shop {
  ledger = new Ledger();
  agents = [];
  /** `presence` events that its visitors have heard. */
  presences = [];
  alarm = newAlarm();
  #day;
  #auditor;
  #groups = [];
  #turns = [];
  #settled = new Map();


  constructor(day, company) {
    this.company = company;
    this.#day = day;
  }

  /** Whether an agent may be away for a short time only. */
  get isShort() {
    return this.company.graceMs < 60_000;
  }

  get nodes() {
    return () => this.#day.stage.server.nodes.map(({ url }) => url);
  }

  async opens() {
    const { stage, random } = this.#day;
    const { id, hasBot, graceMs } = this.company;
    await stage.company(id, `The ${id}`, { agent_cap: CAP, grace_seconds: graceMs / 1000, transfer_limit_seconds: 2 });
    const people = [];
    for (let number = 0; number < AGENTS; number += 1) people.push(await stage.agent(`agent ${number} of ${id}`, { companyid: id }));
    this.agents = people.map((person, number) => new Agent({ person, random, ledger: this.ledger, nodes: this.nodes, shift: shift(random, { number, agents: AGENTS }), alarm: this.alarm, settled: this.#settled, keeps: !this.isShort }));
    this.#turns = this.agents.map(() => Promise.resolve());
    this.rest = new Rest(stage.server.url, await stage.key(id));
    // Whatever becomes of the day, nobody goes on knocking at doors that are shut for good.
    for (const agent of this.agents) stage.closesWith(() => agent.vanishes());
    for (const agent of this.agents) await agent.begins(this.agents);
    await this.#makesGroups(people.map(({ aid }) => aid));
    if (hasBot) await this.#opensBot();
    await this.#seatsAuditor();
    return this;
  }

  /** Lets so many visitors come. */
  async passes(visitors, goesOn) {
    let number = 0;
    const chair = async () => {
      while (number < visitors) {
        this.alarm.check();
        // When one has failed, nobody has to wait for the others.
        await this.#isVisited((number += 1)).catch((cause) => this.alarm(cause) && this.alarm.check());
        goesOn();
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, visitors) }, chair));
  }

  /** Lets the agents do what their shifts say for this share of the day. */
  goesOn(share) {
    this.agents.forEach((agent, n) => {
      this.#turns[n] = this.#turns[n].then(() => agent.does(share)).catch(this.alarm);
    });
  }

  async closes() {
    await Promise.all(this.#turns);
    for (const agent of this.agents) await agent.finishes();
    this.alarm.check();
  }

  /** The consultations that run, and the latest that are over, as an agent is shown them at this moment. */
  async standing() {
    const at = this.ledger.now();
    const { rooms: open } = await this.#lists({ view: 'all', from: 1 });
    const { rooms: closed } = await this.#lists({ view: 'closed' });
    return { at, open, closed, until: this.ledger.now() };
  }

  /** Everything that the server shows of the day. */
  async shown() {
    const { stage } = this.#day;
    const rooms = [...new Set(this.ledger.events.map(({ room }) => room))];
    const histories = new Map();
    const newest = new Map();
    const { ticket } = this.auditor;
    for (let from = 0; from < rooms.length; from += READ_AT_ONCE) {
      await Promise.all(rooms.slice(from, from + READ_AT_ONCE).map(async (room) => {
        const { chat_msgs: messages } = await this.#auditor.ask('user', { type: 'viewchat', roomid: room, start: 0, limit: 100 });
        histories.set(room, messages);
        newest.set(room, (await stage.api.get('msg/list', { ticket, roomid: room, size: 100 })).body.msgs);
      }));
    }
    const closed = await this.#allOf({ view: 'closed' });
    const open = await this.#allOf({ view: 'all', from: 1 });
    const numbers = async (by) => (await this.rest.at(stage.server.url).get('/stats', { from: dayBefore(), to: dayBehind(), by })).body.data;
    const [stats, [sum], days] = [await numbers('group,agent'), await numbers(''), await numbers('day')];
    const { data: now } = (await this.rest.at(stage.server.url).get('/stats/now')).body;
    return { histories, newest, closed, open, stats, sum, days, now };
  }

  async #isVisited(number) {
    const { stage, random } = this.#day;
    const { id, hasBot } = this.company;
    const name = `visitor ${number} of ${id}`;
    const plan = intentions(random, { name, groups: this.#groups, agents: this.agents.map(({ aid }) => aid), hasBot });
    const person = await until(`${name} is let in`, () => this.#named(name, plan.vip), 30_000);
    const told = (presence) => this.presences.push(presence);
    await new Visitor({ person, plan, ledger: this.ledger, nodes: this.nodes, alarm: this.alarm, told }).visits();
    stage.forgets(person);
  }

  /** A host site asks again when its call has broken. */
  async #named(name, vip) {
    const { stage } = this.#day;
    try {
      return await stage.visitor(name, { companyid: this.company.id, ...(vip && { attributes: { vip } }) });
    } catch (cause) {
      if (cause instanceof TypeError || /5003/.test(cause.message)) return undefined;
      throw cause;
    }
  }

  /** Two groups of the company, with somebody in both; the second is stood in for by the first. */
  async #makesGroups(aids) {
    const make = async (name, members, fallback) => {
      const { body } = await this.rest.post('/groups', { name, members, ...(fallback && { fallback }) });
      if (body.errcode !== 0) throw new Error(`no group ${name}: ${JSON.stringify(body)}`);
      return body.data.id;
    };
    const first = await make('sales', aids.slice(0, 6));
    this.#groups = [first, await make('support', aids.slice(5), first)];
  }

  async #opensBot() {
    for (const [path, body] of [['/questions', { questions: QUESTIONS }], ['/bot', {}]]) {
      const answer = await this.rest.put(path, body);
      if (answer.body.errcode !== 0) throw new Error(`no bot: ${answer.text}`);
    }
  }

  /** An agent who looks at everything, and is busy all day. */
  async #seatsAuditor() {
    this.auditor = await this.#day.stage.agent('the auditor', { companyid: this.company.id });
    this.#auditor = new Line(this.auditor, { nodes: this.nodes, on: {}, comesBack: (ask) => ask('mgr', { type: 'setStatus', status: 'B' }) });
    this.#day.stage.closesWith(() => this.#auditor.hangsUp());
    await this.#auditor.opens();
  }

  #lists(query) {
    return this.#auditor.ask('list', { type: 'rooms', limit: PAGE, ...query });
  }

  async #allOf(query) {
    const all = [];
    for (let cursor; ; ) {
      const { rooms, next } = await this.#lists({ ...query, ...(cursor && { cursor }) });
      all.push(...rooms);
      if (!next) return all;
      cursor = next;
    }
  }
}

const DAY_MS = 86_400_000;

// A day of the company's calendar may end while this one goes by.
function dayBefore() {
  return new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
}

function dayBehind() {
  return new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
}
