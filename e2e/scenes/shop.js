// A shop with people in it: filled from its texts through the interface that everybody has, and then left open.
import { Clock } from '../harness/clock.js';
import { newHouse } from '../harness/house.js';
import { Rest } from '../harness/rest.js';
import { Person } from '../harness/person.js';
import { Stage } from '../harness/stage.js';
import { fileOf, pictureOf, voiceOf } from './things.js';

const PASSWORD = 'kept in the drawer';
const DAY = 24 * 60;

/** A shop with a server of its own, whose clock runs through its past. `past`: how many days were talked through before today. */
export async function openShop(browser, texts, { past = 0 } = {}) {
  const clock = new Clock();
  const stage = new Stage(await newHouse({ env: clock.env }));
  await stage.open();
  const shop = new Shop(stage, browser, texts, await stage.company(texts.id, texts.name));
  clock.goesBack((past + 1) * DAY);
  await shop.staffs();
  const events = [...shop.pastDays(past), ...shop.today()].sort(([one], [other]) => other - one);
  for (const [minutes, happen] of events) {
    clock.goesBack(minutes);
    await happen();
  }
  clock.goesBack(0);
  return shop;
}

export class Shop {
  /** Agents and visitors by name, as they are connected now. */
  people = new Map();
  #groups = new Map();
  /** Account ids, of agents by their login and of visitors by their name. */
  #aids = new Map();
  #logins = new Map();
  #closed;
  #guests = 0;

  constructor(stage, browser, texts, key) {
    Object.assign(this, { stage, browser, texts, words: texts.words_of, rest: new Rest(stage.server.url, key) });
  }

  /** Everything that stands still: accounts, groups, questions, words, settings. */
  async staffs() {
    const { texts } = this;
    await this.does('PATCH', '/company', { anonymous: true, settings: { ...texts.settings, hours: '' } });
    for (const { login, nick, role, cap } of [...texts.agents, texts.newcomer]) {
      const { aid } = await this.does('POST', '/agents', { login, password: PASSWORD, nick, role, ...(cap && { cap }) });
      this.#aids.set(login, aid);
    }
    for (const name of new Set(texts.agents.map(({ group }) => group))) {
      const members = texts.agents.filter(({ group }) => group === name).map(({ login }) => this.#aids.get(login));
      this.#groups.set(name, (await this.does('POST', '/groups', { name, members })).id);
    }
    await this.does('PUT', '/questions', { questions: inOrder(texts.questions) });
    for (const reply of texts.replies) await this.does('POST', '/canned-replies', { ...reply, personal: false });
    for (const [key, text] of texts.kinds) await this.does('PUT', `/work-order-kinds/${key}`, { text });
    await this.does('PUT', '/sensitive-words', { words: texts.words.map((word, n) => ({ word, treatment: n % 2 ? 'refuse' : 'mask' })) });
    for (const ban of texts.bans) await this.does('POST', '/blacklist', ban);
    await this.does('POST', '/webhooks', { url: texts.hook, events: ['message', 'rating'] });
    await this.does('POST', '/api-keys', { name: 'ERP', scopes: ['orders:write', 'visitors:read'] });
  }

  close() {
    return this.stage.close();
  }

  async does(method, path, body, rest = this.rest) {
    const answer = await rest.call(method, path, { body });
    if (answer.body.errcode !== 0) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body.data;
  }

  /** What an agent's page is signed in with. */
  async session(login) {
    const { ticket, companyid, aid, nick, role } = await this.does('POST', '/sessions', { companyid: this.texts.id, login, password: PASSWORD });
    return { ticket, companyid, aid, nick, role };
  }

  account(login) {
    return { company: this.texts.id, login, password: PASSWORD };
  }

  async agent(login, status = 'O') {
    const session = await this.session(login);
    const agent = this.stage.keeps(new Person({ url: this.stage.server.url, type: 'cs', ...session }));
    await agent.connects();
    await agent.manages('setStatus', { status });
    this.people.set(agent.nick, agent);
    this.#logins.set(login, agent);
    return agent;
  }

  /** Somebody whom the host site names, in the room with the company. */
  async visitor(nick, { attributes } = {}) {
    const visitor = await this.#named(nick, attributes);
    await visitor.connects();
    this.room = await visitor.joins();
    this.people.set(nick, visitor);
    return visitor;
  }

  /** The host site names somebody by the same account each time. */
  #named(nick, attributes) {
    if (!this.#aids.has(nick)) this.#aids.set(nick, `u-${20_417 + this.#aids.size}`);
    return this.stage.visitor(nick, { companyid: this.texts.id, aid: this.#aids.get(nick), ...(attributes && { attributes }) });
  }

  /** A visitor whom this agent serves. */
  async served(nick, login, texts = []) {
    const visitor = await this.visitor(nick);
    for (const text of texts) await visitor.says(text);
    const agent = this.#logins.get(login);
    await this.#given(visitor, agent);
    return { visitor, agent };
  }

  /** A name that nobody has had. */
  guest() {
    return `${this.texts.guest} ${(this.#guests += 1)}`;
  }

  /** The same company with nobody at its desk; its id. */
  async closedCompany() {
    const id = `${this.texts.id}-closed`;
    this.#closed ??= this.stage.company(id, this.texts.name).then(async (key) => {
      const rest = this.rest.as(key);
      await this.does('PATCH', '/company', { anonymous: true, settings: { offline: this.texts.settings.offline } }, rest);
      await this.does('PUT', '/questions', { questions: inOrder(this.texts.questions) }, rest);
    });
    await this.#closed;
    return id;
  }

  async #given(visitor, agent) {
    const { status, chatid } = await visitor.applies({ csid: agent.aid });
    if (status !== 'serving') throw new Error(`${visitor.nick} is ${status}`);
    visitor.chatid = chatid;
    await agent.joins(visitor.roomid);
  }

  group(name) {
    return this.#groups.get(name);
  }

  /** What happened on the days before: `[minutes ago, what]`. */
  pastDays(days) {
    const { texts } = this;
    const events = [];
    for (let day = days; day > 0; day -= 1) {
      const busy = texts.agents.filter(({ status, cap }) => status !== 'F' && !cap);
      const open = day * DAY;
      events.push([open + 1, async () => { for (const { login } of busy) await this.agent(login); }]);
      const chats = 9 + ((day * 5) % 7);
      for (let n = 0; n < chats; n += 1) {
        const [question, answer] = texts.past[(day + n) % texts.past.length];
        const rate = [undefined, 'BEST', 'GOOD', 'BEST', 'JUSTSOSO', 'GOOD'][(day + 2 * n) % 6];
        const chat = { nick: texts.names[(day * 3 + n) % texts.names.length], agent: busy[(day + n) % busy.length].login, from: open - n * 20, to: open - n * 20 - 9, rate, lines: [['v', question], ['a', answer]] };
        events.push(...this.#talk({ ...chat, closes: true, gone: true }));
      }
      events.push([open - 8 * 60, async () => { for (const { nick } of busy) await this.people.get(nick).hangsUp(); }]);
    }
    return events;
  }

  /** What has happened today: `[minutes ago, what]`. */
  today() {
    const { texts } = this;
    return [
      [110, async () => { for (const { login, status } of texts.agents) if (status !== 'F') await this.agent(login); }],
      ...[...texts.closed.map((chat) => ({ ...chat, closes: true, gone: true })), ...texts.chats].flatMap((chat) => this.#talk(chat)),
      ...texts.orders.map((order, n) => [40 - n, () => this.#ordered(order)]),
      [6, async () => { for (const { nick, status } of texts.agents) if (status === 'B') await this.people.get(nick).manages('setStatus', { status }); }],
      ...texts.queue.map((one) => [one.from, () => this.#queued(one)]),
    ];
  }

  #talk({ nick, agent: login, from, to, lines, attributes, tags, asks, closes, gone, rate }) {
    const at = (n) => from - ((n + 1) * (from - to)) / lines.length;
    let visitor;
    let agent;
    const said = [];
    const begin = async () => {
      agent = this.#logins.get(login);
      visitor = await this.visitor(nick, { attributes });
      if (asks) await this.#asks(visitor, asks);
      if (tags) await this.does('PUT', `/visitors/${encodeURIComponent(visitor.aid)}/tags`, { tags });
      await this.#given(visitor, agent);
    };
    const end = async () => {
      if (!gone) await visitor.reads();
      if (closes) await agent.manages('endChat', { roomid: visitor.roomid, chatid: visitor.chatid });
      if (rate) await visitor.gets('user', { type: 'rate', roomid: visitor.roomid, chatid: visitor.chatid, ratetype: 'HAND', rateresult: rate });
      if (gone) await visitor.hangsUp();
    };
    const says = async ([who, what, more]) => {
      if (who === 'n') return this.#logins.get(more).gets('note', { roomid: visitor.roomid, msg: what });
      const quote = more?.quotes && said.find(({ text }) => text.includes(more.quotes))?.id;
      const speaker = who === 'v' ? visitor : agent;
      // Whoever answers has read what was said.
      await speaker.gets('mkread', { roomid: visitor.roomid });
      const { id } = await this.says(speaker, visitor.roomid, what, quote && { quote });
      said.push({ id, text: typeof what === 'string' ? what : '' });
    };
    return [[from, begin], ...lines.map((line, n) => [at(n), () => says(line)]), [to - 0.01, end]];
  }

  /** A text, `{picture}`, `{voice, words}` in seconds, or `{file, bytes}`. */
  async says(person, roomid, what, more = {}) {
    const message = typeof what === 'string' ? { type: 'text', msg: what } : await this.#uploaded(person, what);
    return person.gets('chat', { roomid, ...message, ...more });
  }

  async #uploaded({ ticket }, { picture, voice, words, file, bytes }) {
    const { api } = this.stage;
    if (picture) return { type: 'image', msg: (await api.uploadImage(ticket, await pictureOf(this.browser, picture), `${picture}.png`)).body.data };
    const { body } = file ? await api.uploadFile(ticket, fileOf(bytes), file, 'application/pdf') : await api.uploadFile(ticket, voiceOf(voice), 'voice.wav', 'audio/wav');
    if (body.errcode !== 0) throw new Error(JSON.stringify(body));
    return file ? { type: 'file', msg: { fileid: body.fileid, filename: file } } : { type: 'voice', msg: { url: body.fileid, duration: String(voice), val: words } };
  }

  /** Picks a question of the card. */
  async #asks(visitor, title) {
    const items = this.room.chat_msgs.at(-1).msg.items.flatMap(({ subItmes }) => subItmes);
    const { id, subTitle } = items.find(({ subTitle }) => subTitle === title);
    await visitor.gets('query', { roomid: visitor.roomid, queryId: id, queryTitle: subTitle });
  }

  async #queued({ nick, group, says }) {
    const visitor = await this.visitor(nick);
    await visitor.says(says);
    const { status } = await visitor.applies({ groupid: this.group(group) });
    if (status !== 'waiting') throw new Error(`${nick} is ${status}`);
  }

  async #ordered({ of, title, describe, kind, phone, steps, owner, answer, note }) {
    const submitter = (await this.#named(of)).aid;
    const { id } = await this.does('POST', '/orders', { submitter, title, describe, kind, phone });
    if (owner) await this.does('PATCH', `/orders/${id}`, { owner: this.#aids.get(owner) });
    for (const state of steps) await this.does('PATCH', `/orders/${id}`, { state });
    if (answer) await this.does('POST', `/orders/${id}/comments`, { text: answer, public: true });
    if (note) await this.does('POST', `/orders/${id}/comments`, { text: note, public: false });
  }
}

function inOrder(questions) {
  return questions.map((question, order) => ({ ...question, order }));
}
