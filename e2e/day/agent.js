// One agent of the day: takes whoever is given, answers everything, hands some on, ends where asked to, reloads, is busy, goes home; and
// writes down everything.
import { randomUUID } from 'node:crypto';
import { until } from '../harness/until.js';
import { Line } from './line.js';
import { answerTo, asksToEnd, expectsAnswer } from './plan.js';

const PATIENCE_MS = 600_000;
const CONFLICT = 4009;
const NOT_FOUND = 4004;

/** Messages that an agent looks at when it enters a room. */
const LOOK_BACK = 10;

export class Agent {
  /** Rooms whose consultation is this agent's: `{chat, offered, kept, last}`; `last`: what the visitor said last. */
  #mine = new Map();
  /** What is under way in each room, one thing behind the other. */
  #rooms = new Map();
  #entered = new Set();
  /** Ids of what has had its answer. */
  #answered = new Set();
  #gone;
  /** What it was given since it asked last what it has: the answer may be older. */
  #fresh = new Set();
  /** What it has lost since then. */
  #over = new Set();
  #isHome = false;
  #done = new Set();
  #colleagues;
  #person;
  #random;
  #ledger;
  #shift;
  #line;
  #alarm;
  #settled;

  /**
   * `keeps`: whether the company leaves what an agent has with it over every break of this day; `alarm`: hears what goes wrong;
   * `settled`: id of a message that wishes to end → whether it was granted, of all agents together.
   */
  constructor({ person, random, ledger, shift, nodes, alarm, settled, keeps = true }) {
    this.#person = person;
    this.#random = random;
    this.#ledger = ledger;
    this.#shift = shift;
    this.#alarm = alarm;
    this.#settled = settled;
    this.keeps = keeps;
    this.#line = new Line(person, {
      nodes,
      on: {
        assign: (event) => this.#isAssigned(event),
        service: (event) => this.#isTold(event),
        chat: ({ roomid, data }) => this.#hears(roomid, data),
        breaks: (connection) => this.#breaks(connection),
        fails: alarm,
      },
      comesBack: (ask) => this.#comesBack(ask),
    });
  }

  get aid() {
    return this.#person.aid;
  }

  /** Rooms of the consultations that this agent has. */
  get serves() {
    return [...this.#mine.values()].map(({ chat }) => chat);
  }

  get isAway() {
    return this.#line.isClosed;
  }

  /** Comes to work; `colleagues` are those to whom somebody can be handed on. */
  async begins(colleagues) {
    this.#colleagues = colleagues;
    await this.#line.opens();
    // A specialist gets nobody but by a colleague's hand.
    await this.#manages('setStatus', { status: this.isSpecialist ? 'B' : 'O' });
  }

  /** Does what its shift says for this share of the day. Not twice, and one thing after the other. */
  async does(share) {
    const { reloads, busy, home } = this.#shift;
    for (const at of reloads) if (share >= at) await this.#once(`reload ${at}`, () => this.#line.breaks());
    if (busy && share >= busy.from) await this.#once('busy', () => this.#manages('setStatus', { status: 'B' }));
    if (busy && share >= busy.to) await this.#once('free', () => this.#manages('setStatus', { status: 'O' }));
    if (home && share >= home.from) await this.#once('home', () => this.#goesHome());
    if (home && share >= home.to && this.#isHome) await this.#comesAgain();
  }

  get isSpecialist() {
    return this.#shift.isSpecialist;
  }

  /** Hangs up without a word, with everything it has, until `returns`. */
  async vanishes() {
    this.#mine.clear();
    await this.#line.hangsUp();
  }

  async returns() {
    if (!this.#isHome) await this.#line.opens();
  }

  /** When everything begun is done. */
  async finishes() {
    for (const work of this.#rooms.values()) await work;
    await this.#line.hangsUp();
  }

  async #once(what, work) {
    if (this.#done.has(what) || this.isAway) return;
    this.#done.add(what);
    await work();
  }

  async #goesHome() {
    await this.#manages('setStatus', { status: 'F' });
    await until(`${this.#person.nick} has nothing left`, async () => (await this.#line.ask('list', { type: 'selfUser' })).rooms.length === 0, PATIENCE_MS);
    this.#isHome = true;
    await this.#line.hangsUp();
  }

  async #comesAgain() {
    this.#isHome = false;
    await this.#line.opens();
    await this.#manages('setStatus', { status: 'O' });
  }

  #breaks(connection) {
    const { aid } = this;
    for (const room of this.#entered) this.#ledger.left({ room, aid, connection });
    this.#entered.clear();
    this.#gone ??= this.#ledger.now();
  }

  /** What it has is what the server says it has: shown anew whenever it comes. */
  async #comesBack(ask) {
    this.#fresh.clear();
    this.#over.clear();
    const { rooms } = await ask('list', { type: 'selfUser' });
    const { aid } = this;
    if (this.#gone !== undefined) this.#ledger.facts.push({ what: 'away', agent: aid, from: this.#gone, to: this.#ledger.now() });
    this.#gone = undefined;
    const served = new Map(rooms.filter(({ offered }) => !offered).map(({ roomid, chatid }) => [roomid, chatid]));
    for (const [room, { chat }] of this.#mine) if (served.get(room) !== chat && !this.#fresh.has(chat)) this.#loses(room, chat);
    for (const [room, chat] of served) {
      if (this.#over.has(chat) && !this.#fresh.has(chat)) continue;
      this.#ledger.told('seen', { chat, agent: aid });
      // What became of an offer was perhaps told while nobody listened; whoever has it answers.
      const before = this.#mine.get(room);
      this.#mine.set(room, { ...before, chat, offered: false, kept: before?.offered || before?.kept });
      this.#inRoom(room, () => this.#looksInto(room));
    }
    for (const { roomid, chatid } of rooms.filter(({ offered }) => offered)) this.#inRoom(roomid, () => this.#isOffered({ roomid, chatid }));
  }

  #isAssigned(event) {
    const { type, roomid, chatid } = event;
    if (type === 'transfer') return this.#inRoom(roomid, () => this.#isOffered(event));
    this.#takes(roomid, chatid);
  }

  #isTold({ type, roomid, chatid, cs, csid }) {
    if (type === 'serving') this.#ledger.told('given', { chat: chatid, agent: this.aid });
    else if (type === 'transferred' && cs.aid !== this.aid) this.#loses(roomid, chatid);
    else if (type === 'lost' || type === 'ended') this.#loses(roomid, chatid, type === 'lost');
    else if (type === 'rejected' && csid !== this.aid) this.#keeps(roomid, chatid);
  }

  #takes(room, chat) {
    if (this.#mine.get(room)?.chat === chat) return;
    this.#mine.set(room, { chat });
    this.#fresh.add(chat);
    this.#inRoom(room, () => this.#looksInto(room));
  }

  #loses(room, chat, isLost = false) {
    this.#over.add(chat);
    if (this.#mine.get(room)?.chat !== chat) return;
    this.#mine.delete(room);
    if (isLost) this.#ledger.told('lost', { chat, agent: this.aid });
    this.#inRoom(room, () => this.#leaves(room));
  }

  /** A colleague did not want it: it is answered here after all. */
  #keeps(room, chat) {
    const mine = this.#mine.get(room);
    if (mine?.chat !== chat) return;
    Object.assign(mine, { offered: false, kept: true });
    this.#inRoom(room, () => this.#attends(room));
  }

  async #isOffered({ roomid: room, chatid: chat, from: giver }) {
    // Told of it by the event, and shown it by the list.
    if (this.#mine.get(room)?.chat === chat) return;
    const luck = this.#random.next();
    // Some do not notice: it goes back by itself.
    if (luck < 0.1) return;
    const type = luck < 0.75 ? 'acceptTransfer' : 'rejectTransfer';
    const from = this.#ledger.now();
    try {
      await this.#manages(type, { roomid: room, chatid: chat });
    } catch (cause) {
      // Too late, or ended meanwhile, or said twice around a break.
      if ([CONFLICT, NOT_FOUND].includes(cause.err?.errcode)) return;
      throw cause;
    }
    if (type === 'rejectTransfer') return;
    this.#ledger.facts.push({ what: 'handed', chat, giver, taker: this.aid, from, to: this.#ledger.now() });
    this.#takes(room, chat);
  }

  /** Enters the room and answers what nobody has answered yet. */
  async #looksInto(room) {
    if (!this.#mine.has(room)) return;
    const { data } = await this.#line.ask('join', { roomid: room });
    this.#entered.add(room);
    this.#ledger.joined({ room, aid: this.aid, connection: this.#line.connection, next: data.next_pos });
    const messages = data.chat_msgs.slice(-LOOK_BACK);
    const last = messages.findLast(({ type, msg }) => type === 'usermsg' && expectsAnswer(msg));
    if (!last) return;
    // An answer of somebody else's is an answer.
    if (messages.some(({ type, msg }) => type === 'csmsg' && msg === answerTo(last.msg))) this.#answered.add(last.id);
    this.#notes(room, last);
    await this.#attends(room);
  }

  #hears(room, message) {
    const { id, pos, type, msg } = message;
    this.#ledger.heard({ room, aid: this.aid, connection: this.#line.connection, id, pos });
    if (type !== 'usermsg' || !expectsAnswer(msg) || !this.#mine.has(room)) return;
    this.#notes(room, message);
    this.#inRoom(room, () => this.#attends(room));
  }

  #notes(room, { id, pos, msg }) {
    const mine = this.#mine.get(room);
    if (mine && !(mine.last?.pos > pos)) mine.last = { id, pos, msg };
  }

  /** Answers what was said last, or hands it on, or ends it. */
  async #attends(room) {
    const mine = this.#mine.get(room);
    if (!mine?.last || mine.offered) return;
    const { id, msg } = mine.last;
    // From before it was reopened.
    if ((await this.#settled.get(id)) || this.#mine.get(room) !== mine) return;
    if (!this.#answered.has(id)) {
      if (!mine.kept && !asksToEnd(msg) && this.#random.next() < 0.06 && (await this.#offers(room, mine))) return;
      this.#answered.add(id);
      await this.#says(room, answerTo(msg));
    }
    if (asksToEnd(msg) && this.#mine.get(room) === mine) await this.#ends(room, mine, id);
  }

  /** Whether it was offered to a colleague. */
  async #offers(room, mine) {
    const there = this.#colleagues.filter((colleague) => colleague !== this && !colleague.isAway);
    const to = this.#random.pick(this.#random.next() < 0.7 ? there.filter(({ isSpecialist }) => isSpecialist) : there);
    if (!to) return false;
    mine.offered = true;
    try {
      const { chat } = mine;
      await this.#ledger.does('offered', () => this.#manages('transfer', { roomid: room, tocsid: to.aid, msg: 'please' }), { chat, giver: this.aid, taker: to.aid });
      // Over already: what was told of its end came before its answer.
      return this.#mine.get(room) !== mine || mine.offered;
    } catch (cause) {
      // Full, or not there; or offered already, or over, when the first answer was lost.
      if (![CONFLICT, NOT_FOUND].includes(cause.err?.errcode)) throw cause;
      if (cause.tries > 1 && /offered/.test(cause.err.errmsg)) return true;
      Object.assign(mine, { offered: false, kept: true });
      return false;
    }
  }

  async #says(room, text) {
    const { aid } = this;
    const id = randomUUID();
    this.#ledger.sent({ room, id, aid, msg: text });
    const { pos } = await this.#inTheRoom(room, () => this.#line.ask('chat', { roomid: room, type: 'text', msg: text, id }));
    this.#ledger.acked({ room, id, aid, pos });
  }

  /** Speaking is for those who have joined; after a break the room is entered again first. */
  async #inTheRoom(room, speaks) {
    for (;;) {
      try {
        return await speaks();
      } catch (cause) {
        if (cause.err?.errcode !== 4003) throw cause;
        const { data } = await this.#line.ask('join', { roomid: room });
        this.#entered.add(room);
        this.#ledger.joined({ room, aid: this.aid, connection: this.#line.connection, next: data.next_pos });
      }
    }
  }

  async #ends(room, { chat, kept }, wish) {
    let isDone;
    this.#settled.set(wish, new Promise((resolve) => (isDone = resolve)));
    try {
      await this.#ledger.does('ended', () => this.#manages('endChat', { roomid: room, chatid: chat }), { chat, by: 'cs' });
      isDone(true);
    } catch (cause) {
      // Somebody else's by now, who was offered it: whoever has it ends it.
      this.#settled.delete(wish);
      isDone(false);
      if ((this.keeps && !kept) || ![CONFLICT, 4003].includes(cause.err?.errcode)) throw cause;
    }
  }

  async #leaves(room) {
    if (this.#mine.has(room) || !this.#entered.delete(room)) return;
    const { connection } = this.#line;
    this.#ledger.left({ room, aid: this.aid, connection });
    await this.#line.ask('leave', { roomid: room });
  }

  #manages(type, extra = {}) {
    return this.#line.ask('mgr', { type, ...extra });
  }

  #inRoom(room, work) {
    const before = this.#rooms.get(room) ?? Promise.resolve();
    const after = before.then(() => (this.isAway ? undefined : work())).catch(this.#alarm);
    this.#rooms.set(room, after);
  }
}
