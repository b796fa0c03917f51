// One visitor of the day: asks the bot, asks for a human, waits or gives up, talks, ends, rates, comes again; and writes down everything.
import { randomUUID } from 'node:crypto';
import { Api } from '../harness/api.js';
import { until } from '../harness/until.js';
import { Line } from './line.js';
import { answerTo } from './plan.js';

/** How long a visitor of the day may be kept waiting before the day has failed. */
const PATIENCE_MS = 240_000;

export class Visitor {
  /** Ids of the questions that it was shown. */
  #questions = [];
  #heard = new Set();
  /** The consultation, and what is known of it: `asking`, `waiting`, `serving`, `ended`. */
  #chat;
  #state = 'none';
  #servedOnce = false;
  /** How often it was told something of its consultation. */
  #news = 0;
  #person;
  #plan;
  #ledger;
  #nodes;
  #line;
  #alarm;

  /** `told(event)`: hears every `presence` that this visitor hears; `alarm`: hears what goes wrong, and `alarm.check()` throws it. */
  constructor({ person, plan, ledger, nodes, alarm, told = () => {} }) {
    this.#person = person;
    this.#plan = plan;
    this.#ledger = ledger;
    this.#nodes = nodes;
    this.#alarm = alarm;
    this.#line = new Line(person, {
      nodes,
      on: {
        chat: ({ roomid, data }) => this.#hears(roomid, data),
        service: (event) => this.#isTold(event),
        presence: told,
        breaks: (connection) => this.room && ledger.left({ room: this.room, aid: person.aid, connection }),
        fails: alarm,
      },
      comesBack: (ask) => this.#enters(ask),
    });
  }

  get room() {
    return this.#person.roomid;
  }

  /** Plays the whole visit; resolves when nothing is left to do. */
  async visits() {
    await this.#line.opens();
    try {
      await this.#plays();
    } finally {
      await this.#line.hangsUp();
    }
  }

  async #plays() {
    const plan = this.#plan;
    await this.#asksTheBot();
    await this.#asksForAgent();
    if (this.#state === 'waiting' && plan.givesUp) await this.#ends();
    else {
      await this.#talks(plan.toTheAgent);
      if (plan.ends) await this.#ends();
      else await this.#until('ended');
    }
    for (const rating of plan.rates) await this.#rates(rating);
    if (plan.reopens && this.#servedOnce) await this.#comesAgain();
  }

  async #enters(ask) {
    const news = this.#news;
    const { roomid, data } = await ask('join', { companyid: this.#person.companyid });
    this.#person.roomid = roomid;
    this.#ledger.joined({ room: roomid, aid: this.#person.aid, connection: this.#line.connection, next: data.next_pos });
    for (const message of data.chat_msgs) {
      if (message.type === 'csrmsg') this.#questions = message.msg.items.flatMap(({ subItmes }) => subItmes.map(({ id, subTitle }) => ({ queryId: id, queryTitle: subTitle })));
      else this.#heard.add(message.msg);
    }
    // What was told on the way may be newer than what is shown.
    if (news === this.#news) this.#isShown(data.service);
  }

  /** Who comes back is shown where its consultation stands; none is one that is over. */
  #isShown(service) {
    if (!this.#chat || this.#state === 'ended') return;
    if (service?.chatid !== this.#chat) this.#state = 'ended';
    else if (service.status === 'serving') {
      this.#state = 'serving';
      this.#servedOnce = true;
      this.#ledger.told('shown', { chat: this.#chat, agent: service.cs.aid });
    } else this.#state = 'waiting';
  }

  #hears(room, { id, pos, msg }) {
    this.#heard.add(msg);
    this.#ledger.heard({ room, aid: this.#person.aid, connection: this.#line.connection, id, pos });
  }

  #isTold({ type, chatid, cs }) {
    this.#news += 1;
    if (type === 'serving' || type === 'transferred') {
      this.#ledger.told(type === 'serving' ? 'served' : 'shown', { chat: chatid, agent: cs.aid });
      this.#servedOnce = true;
    }
    // Before its own answer somebody may be told already.
    const state = { serving: 'serving', transferred: 'serving', waiting: 'waiting', ended: 'ended' }[type];
    if (state && [undefined, chatid].includes(this.#chat)) this.#state = state;
  }

  async #asksTheBot() {
    const { room, aid } = { room: this.room, aid: this.#person.aid };
    if (this.#plan.picks && this.#questions.length > 0) {
      const { queryId, queryTitle } = this.#questions[0];
      const id = randomUUID();
      this.#ledger.sent({ room, id, aid, msg: queryTitle });
      const { data } = await this.#line.ask('query', { roomid: room, queryId, queryTitle, id });
      this.#ledger.acked({ room, id, aid, pos: data.pos - 1 });
      this.#ledger.sent({ room, id: data.id, aid: data.aid, msg: data.msg });
      this.#ledger.acked({ room, id: data.id, aid: data.aid, pos: data.pos });
    }
    for (const text of this.#plan.toTheBot) await this.#says(text);
  }

  async #asksForAgent() {
    const { group, agent, vip } = this.#plan;
    const { aid } = this.#person;
    for (;;) {
      this.#state = 'asking';
      const from = this.#ledger.now();
      const payload = { type: 'applycs', roomid: this.room, ...(group && { groupid: group }), ...(agent && { csid: agent }) };
      const { chatid, status, cs } = await this.#line.ask('user', payload);
      const to = this.#ledger.now();
      if (chatid) {
        this.#chat = chatid;
        this.#ledger.facts.push({ what: 'asked', chat: chatid, room: this.room, visitor: aid, group, vip, from, to });
        if (this.#state === 'asking') this.#state = status;
        if (status === 'serving') this.#ledger.told('shown', { chat: chatid, agent: cs.aid });
        return;
      }
      this.#ledger.facts.push({ what: 'missed', group, from, to });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #talks(texts) {
    const plan = this.#plan;
    await this.#until('serving');
    for (const [turn, text] of texts.entries()) {
      if (plan.losesTheNetworkAt === turn) await this.#line.breaks();
      await this.#says(text);
      if (turn === 0 && plan.ratesMeanwhile) await this.#rates(plan.ratesMeanwhile);
      await this.#waits(`${this.#person.nick} is answered`, () => this.#heard.has(answerTo(text)));
    }
  }

  async #comesAgain() {
    const chat = this.#chat;
    // An end that is asked for again because its answer was lost would end what has begun anew: it has the same name.
    await this.#waits('the end is answered', () => this.#ledger.isDone('ended', chat));
    const before = this.#state;
    this.#state = 'asking';
    const { status, cs, chatid } = await this.#ledger.does('reopened', () => this.#line.ask('user', { type: 'reopen', roomid: this.room, chatid: chat }), { chat });
    // Nobody is there: it stays as it was.
    if (!chatid) {
      this.#ledger.facts.pop();
      this.#ledger.facts.push({ what: 'missed', group: this.#plan.group, from: 0, to: this.#ledger.now() });
      this.#state = before;
      return;
    }
    if (this.#state === 'asking') this.#state = status;
    if (status === 'serving') this.#ledger.told('shown', { chat, agent: cs.aid });
    await this.#talks([this.#plan.again]);
    await this.#until('ended');
  }

  async #says(text) {
    const [room, aid, id] = [this.room, this.#person.aid, randomUUID()];
    this.#ledger.sent({ room, id, aid, msg: text });
    const { pos } = await this.#line.ask('chat', { roomid: room, type: 'text', msg: text, id });
    this.#ledger.acked({ room, id, aid, pos });
  }

  async #ends() {
    await this.#ledger.does('ended', () => this.#line.ask('user', { type: 'endcs', roomid: this.room, chatid: this.#chat }), { chat: this.#chat, by: 'user' });
    await this.#until('ended');
  }

  async #rates({ rate, way, overHttp }) {
    const chat = this.#chat;
    const said = { roomid: this.room, chatid: chat, ratetype: way, rateresult: rate };
    const work = () => (overHttp ? this.#ratesOverHttp(said) : this.#line.ask('user', { type: 'rate', ...said }));
    await this.#ledger.does('rated', work, { chat, rate, way });
  }

  /** Again at the next node while one does not answer. */
  async #ratesOverHttp(said) {
    const { ticket, companyid, nick } = this.#person;
    let turn = 0;
    const answer = await until(`${nick} has rated`, async () => {
      const nodes = this.#nodes();
      const { body } = await new Api(nodes[(turn += 1) % nodes.length]).post('userChat/saveRate', { ticket, companyid, ...said }).catch(() => ({ body: { errcode: 5003 } }));
      return body.errcode !== 5003 && body;
    }, PATIENCE_MS);
    if (answer.errcode !== 0) throw new Error(`${nick} could not rate: ${JSON.stringify(answer)}`);
  }

  #until(state) {
    return this.#waits(`${this.#person.nick} is told that its consultation is ${state}`, () => this.#state === state);
  }

  #waits(what, check) {
    const patient = until(what, () => {
      this.#alarm.check();
      return check();
    }, PATIENCE_MS);
    return patient.catch((cause) => {
      throw new Error(`${cause.message}; its consultation is ${this.#state}:\n${this.#ledger.story(this.#chat)}`, { cause });
    });
  }
}
