// What the script itself writes down of a day at one company: each fact as the one saw it who did it or was told, with the time by this
// machine's clock. Nothing is looked up at the server.
//
// Facts; `from` is when it was asked for, `to` when it was answered, `at` when somebody was told:
//   {what: 'asked', chat, room, visitor, group, vip, from, to}   a visitor asked for an agent
//   {what: 'missed', group, tries, from, to}                     the same while nobody was there, `tries` times
//   {what: 'served', chat, agent, at}                            the visitor was told who serves
//   {what: 'given', chat, agent, at}                             the agent was told whom to serve
//   {what: 'shown', chat, agent, at}                             the visitor, who comes back or asks, is shown who serves
//   {what: 'seen', chat, agent, at}                              the agent, who comes back, finds it on its list
//   {what: 'lost', chat, agent, at}                              the agent was told that it is another's, or found it so when it came back
//   {what: 'offered', chat, giver, taker, from, to}
//   {what: 'handed', chat, giver, taker, from, to}               the taker accepted
//   {what: 'ended', chat, by, from, to}
//   {what: 'reopened', chat, from, to}
//   {what: 'rated', chat, rate, way, from, to}
//   {what: 'away', agent, from, to}                              the agent had no connection
// What was said is written down as the checker of histories reads it (harness/checker.js), with the words beside.

export class Ledger {
  facts = [];
  /** The checker's events. */
  events = [];
  /** id → `{room, aid, msg, sent, acked, receipt}`, of everything that was said; `acked`: anybody knew by then that it is stored. */
  messages = new Map();
  #answered = new Set();
  #clock;

  constructor({ clock = () => Date.now() } = {}) {
    this.#clock = clock;
  }

  now() {
    return this.#clock();
  }

  /** Something that somebody was told just now. */
  told(what, fact) {
    this.facts.push({ what, ...fact, at: this.now() });
  }

  /** Does it, and writes down from when to when it took; answers what was answered. */
  async does(what, work, fact) {
    const from = this.now();
    const answer = await work();
    this.facts.push({ what, ...fact, from, to: this.now() });
    this.#answered.add(`${what} ${fact.chat}`);
    return answer;
  }

  /** Whether somebody did this and has the answer. */
  isDone(what, chat) {
    return this.#answered.has(`${what} ${chat}`);
  }

  sent({ room, id, aid, msg }) {
    this.messages.set(id, { room, aid, msg, sent: this.now(), acked: Infinity, receipt: Infinity });
    this.events.push({ event: 'sent', by: aid, room, id });
  }

  acked({ room, id, aid, pos }) {
    const message = this.messages.get(id);
    message.receipt = Math.min(message.receipt, this.now());
    message.acked = Math.min(message.acked, message.receipt);
    this.events.push({ event: 'acked', by: aid, room, id, pos });
  }

  joined({ room, aid, connection, next }) {
    this.events.push({ event: 'joined', by: aid, room, connection, next });
  }

  heard({ room, aid, connection, id, pos }) {
    const message = this.messages.get(id);
    // Whoever hears it knows that it is stored, also before the sender does.
    if (message) message.acked = Math.min(message.acked, this.now());
    this.events.push({ event: 'heard', by: aid, room, connection, id, pos });
  }

  left({ room, aid, connection }) {
    this.events.push({ event: 'left', by: aid, room, connection });
  }

  /** All that is known of a consultation, a line for each fact. */
  story(chat) {
    const facts = this.facts.filter((fact) => fact.chat === chat);
    const room = facts.find(({ what }) => what === 'asked')?.room;
    const said = [...this.messages.values()].filter((message) => message.room === room).map(({ aid, msg, sent, acked }) => ({ what: 'said', by: aid, msg, from: sent, to: acked }));
    return [...facts, ...said].sort((a, b) => (a.from ?? a.at) - (b.from ?? b.at)).map((fact) => JSON.stringify(fact)).join('\n');
  }

  count(what) {
    return this.facts.filter((fact) => fact.what === what).length;
  }
}
