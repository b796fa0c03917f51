// What must have been counted, worked out of a ledger: each number with the least and the most it can be, as far as the facts tell.

const NAMES = ['asked', 'missed', 'messages_left', 'reopened', 'abandoned', 'assigned', 'waited_ms', 'answered', 'response_ms', 'passed', 'transferred', 'received', 'ended', 'served_ms', 'messages', 'BEST', 'GOOD', 'JUSTSOSO', 'BAD', 'RUBBISH'];

/** The numbers there are, the ratings each by its own name. */
export const FIGURES = NAMES;

/** Both clocks are this machine's, but each rounds. */
const ROUNDING_MS = 2;

/**
 * Every consultation of the ledger as `{chat, room, group, services}`: from each time that it was asked for until its end one service,
 * `{from, to, holds, ended}`; a hold is `{agent, from, to}`: it began within that time, and lasts until the next one or the end.
 * `unclear`: agents have changed without a word of anybody's, as they do when one is away for too long.
 */
export function consultations(facts) {
  const chats = new Map();
  for (const fact of facts.filter(({ chat }) => chat)) {
    if (!chats.has(fact.chat)) chats.set(fact.chat, []);
    chats.get(fact.chat).push(fact);
  }
  return [...chats].map(([chat, its]) => consultation(chat, its));
}

function consultation(chat, facts) {
  const asked = facts.find(({ what }) => what === 'asked');
  const reopened = facts.filter(({ what }) => what === 'reopened');
  const begun = [asked, ...reopened].filter(Boolean).sort((a, b) => a.from - b.from);
  const services = begun.map((fact, n) => service(fact, facts, fact === asked ? -Infinity : fact.from, begun[n + 1]?.from ?? Infinity));
  const ratings = facts.filter(({ what }) => what === 'rated').sort((a, b) => a.from - b.from);
  return { chat, room: asked?.room, group: asked?.group ?? '', services, ratings };
}

/** What happened from `from` on, before `until`. */
function service(begun, all, from, until) {
  const facts = all.filter((fact) => (fact.at ?? fact.from) >= from && (fact.at ?? fact.from) < until);
  const told = facts.filter(({ what }) => ['served', 'given', 'shown', 'seen'].includes(what)).sort((a, b) => a.at - b.at);
  const handed = facts.filter(({ what }) => what === 'handed').sort((a, b) => a.from - b.from);
  const ends = facts.filter(({ what }) => what === 'ended').sort((a, b) => a.from - b.from);
  const first = handed[0]?.giver ?? told.find(({ what }) => ['served', 'given'].includes(what))?.agent ?? told[0]?.agent;
  const holds = [];
  if (first) holds.push({ agent: first, from: begun.from, to: told.find(({ agent }) => agent === first)?.at ?? handed[0].from });
  for (const { taker, from: asked, to } of handed) {
    holds.push({ agent: taker, from: asked, to: Math.min(to, told.find(({ agent, at }) => agent === taker && at >= asked)?.at ?? to) });
  }
  const ended = ends.length > 0 ? { from: Math.min(...ends.map(({ from: at }) => at)), to: Math.min(...ends.map(({ to }) => to)), by: ends[0].by } : undefined;
  return { begun, told, holds, ended };
}

/** Who was away and for how long. `graceMs`: so long nothing is taken from anybody. */
export function changedSilently({ services }, facts, graceMs) {
  const away = facts.filter(({ what, from, to }) => what === 'away' && to - from > graceMs / 2);
  return services.some(({ begun, told, holds, ended }) => {
    const known = new Set(holds.map(({ agent }) => agent));
    if (told.some(({ agent }) => !known.has(agent))) return away.length > 0;
    if (told.filter(({ what }) => what === 'given').length > 1) return away.length > 0;
    return holds.some(({ agent }) => away.some((one) => one.agent === agent && one.to >= begun.from && one.from <= (ended?.to ?? Infinity)));
  });
}

/**
 * `group|agent` → name → `{least, most}`. `byList`: chat → who has had it last, as the server's list says, for those of which nobody was told;
 * `unclear`: chats whose agents have changed silently.
 */
export function expected({ facts, messages }, { byList, unclear }) {
  const sheet = new Sheet();
  for (const { group, tries = 1 } of facts.filter(({ what }) => what === 'missed')) sheet.add(group ?? '', '', 'missed', 1, tries);
  const said = byRoom(messages);
  for (const chat of consultations(facts)) {
    if (unclear.has(chat.chat)) sheet.addUnclear(chat, said.get(chat.room) ?? []);
    else sheet.addClear(chat, said.get(chat.room) ?? [], byList.get(chat.chat));
  }
  return sheet;
}

function byRoom(messages) {
  const rooms = new Map();
  for (const message of messages.values()) {
    if (!rooms.has(message.room)) rooms.set(message.room, []);
    rooms.get(message.room).push(message);
  }
  return rooms;
}

class Sheet {
  rows = new Map();
  /** What may have been added to any agent's row of a group. */
  loose = new Map();
  /** Messages that could have been counted for the one or the other, or for nobody. */
  vague = 0;
  /** First answers that may have come too late to be counted. */
  hurried = 0;

  add(group, agent, name, least, most = least) {
    const row = at(this.rows, `${group}|${agent}`, () => ({}));
    row[name] ??= { least: 0, most: 0 };
    row[name].least += least;
    row[name].most += most;
  }

  addClear({ group, services, ratings }, messages, byList) {
    for (const service of services) {
      const { begun, ended } = service;
      const holds = service.holds.length > 0 || !byList ? service.holds : [{ agent: byList, from: begun.from, to: ended?.from ?? begun.to }];
      this.add(group, '', begun.what, 1);
      holds.forEach((hold, n) => this.#hold(group, begun, hold, holds[n + 1] ?? ended ?? { from: Infinity, to: Infinity }, n, holds[n + 1]?.agent, messages));
      if (!ended) continue;
      if (holds.length === 0) this.add(group, '', 'abandoned', ended.by === 'user' ? 1 : 0);
      else {
        const { agent } = holds.at(-1);
        this.add(group, agent, 'ended', 1);
        this.add(group, agent, 'served_ms', Math.max(0, ended.from - holds[0].to - ROUNDING_MS), ended.to - begun.from + ROUNDING_MS);
      }
    }
    this.#ratings(group, services, ratings, byList);
  }

  #hold(group, begun, hold, next, n, taker, messages) {
    const { agent } = hold;
    if (n === 0) {
      this.add(group, agent, 'assigned', 1);
      this.add(group, agent, 'waited_ms', 0, hold.to - begun.from + ROUNDING_MS);
    } else this.add(group, agent, 'received', 1);
    if (taker) this.add(group, agent, 'transferred', 1);
    const inside = messages.map((message) => ({ message, ...within(message, hold, next) })).filter(({ most }) => most > 0);
    for (const { least } of inside) {
      this.add(group, agent, 'messages', least, 1);
      if (least === 0) this.vague += 1;
    }
    const own = inside.filter(({ message }) => message.aid === agent).map(({ least, message }) => ({ least, ...message })).sort((a, b) => a.sent - b.sent);
    if (own.length === 0) return;
    // The desk has heard of an answer when its receipt is there. Whoever ends it before, having heard the answer, may be quicker than that.
    const surely = own.find(({ least, receipt }) => least === 1 && receipt <= next.from);
    this.add(group, agent, 'answered', surely ? 1 : 0, 1);
    if (!surely) this.hurried += 1;
    this.add(group, agent, 'response_ms', surely ? Math.max(0, own[0].sent - hold.to - ROUNDING_MS) : 0, (surely ?? own.at(-1)).receipt - hold.from + ROUNDING_MS);
  }

  /** A rating counts for whoever had it then, or last; one that takes the place of another takes that one's count away. */
  #ratings(group, services, ratings, byList) {
    const last = ratings.at(-1);
    if (!last) return;
    const holds = services.flatMap((service) => service.holds);
    const holders = holds.filter((hold, n) => hold.from <= last.to && (holds[n + 1]?.to ?? Infinity) >= last.from);
    const agents = new Set(holders.map(({ agent }) => agent));
    if (agents.size === 0) this.add(group, byList ?? '', last.rate, 1);
    else if (agents.size === 1) this.add(group, [...agents][0], last.rate, 1);
    else for (const agent of agents) this.add(group, agent, last.rate, 0, 1);
  }

  /** Only what is sure, and that any agent may have had the rest. */
  addUnclear({ group, services, ratings }, messages) {
    const loose = at(this.loose, group, () => ({}));
    const may = (name, most) => (loose[name] = (loose[name] ?? 0) + most);
    for (const { begun, ended, told } of services) {
      this.add(group, '', begun.what, 1);
      // It may have been given away and come back as often as somebody was told of it, and once with nobody looking.
      const times = told.length + 2;
      const lasted = (ended?.to ?? begun.to) - begun.from + ROUNDING_MS;
      for (const name of ['assigned', 'answered', 'transferred', 'received']) may(name, times);
      may('ended', 1);
      may('abandoned', 1);
      for (const name of ['waited_ms', 'response_ms', 'served_ms']) may(name, times * lasted);
      may('messages', messages.length);
    }
    for (const { rate } of ratings.slice(-1)) may(rate, 1);
  }
}

/** Whether a message was said while it was this agent's: surely, perhaps, or not. */
function within({ sent, acked }, hold, next) {
  const surely = sent >= hold.to && acked <= next.from;
  const perhaps = acked >= hold.from && sent <= next.to;
  return { least: surely ? 1 : 0, most: perhaps ? 1 : 0 };
}

function at(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
