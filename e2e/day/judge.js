// Compares a day's own bookkeeping with what the server shows of it at the end, and what it showed before a stop with what it shows after.
import { judge as judgeHistories } from '../harness/checker.js';
import { changedSilently, consultations, expected, FIGURES } from './bookkeeping.js';

/**
 * Every difference, as `{fault, …}`; an empty list is a day as it was.
 *
 * `shown`: what the server shows at the end, of one company: `histories`: room → messages in their order; `newest`: room → the same, the newest
 * first, over HTTP; `closed` and `open`: rows of `list`; `stats`: rows by group and agent; `sum`, the one row, and `days`, rows by day; `now`: the desk.
 * `graceMs`: for how long an agent may be away and keep everything.
 *
 * Faults: those of histories (lost, doubled, swapped, position, stranger, unanswered, hole) · altered (another text or sender) · unlisted (HTTP shows
 * another history than the channel) · unfinished · consultation (not known, missing, or listed twice) · assignment (not the agent's that was told) ·
 * shared (two agents' at once) · rating · count.
 */
export function judgeDay(ledger, shown, { graceMs }) {
  return [...histories(ledger, shown), ...lists(ledger, shown, graceMs), ...shares(ledger), ...counts(ledger, shown, graceMs)];
}

function histories({ events, messages }, { histories: rooms, newest }) {
  const byRoom = new Map();
  for (const event of events) {
    if (!byRoom.has(event.room)) byRoom.set(event.room, []);
    byRoom.get(event.room).push(event);
  }
  const faults = [];
  for (const [room, those] of byRoom) {
    const kept = rooms.get(room);
    const history = kept ? [{ event: 'history', room, messages: kept.map(({ id, pos }) => ({ id, pos })) }] : [];
    faults.push(...judgeHistories([...those, ...history]));
  }
  for (const [room, kept] of rooms) {
    for (const { id, pos, aid, msg } of kept) {
      const said = messages.get(id);
      if (said && (said.room !== room || said.aid !== aid || said.msg !== msg)) faults.push({ fault: 'altered', room, id, pos, why: `${said.aid} said ${said.msg}` });
    }
    const listed = newest.get(room)?.map(({ id }) => id).reverse() ?? [];
    const ids = kept.map(({ id }) => id);
    if (listed.join() !== ids.join()) faults.push({ fault: 'unlisted', room, why: `${listed.length} over HTTP, ${ids.length} over the channel` });
  }
  return faults;
}

function lists({ facts }, { closed, open, now }, graceMs) {
  const faults = open.map(({ chatid, status }) => ({ fault: 'unfinished', chat: chatid, why: `it is ${status}` }));
  for (const what of ['waiting', 'serving', 'messages_left']) if (now[what] !== 0) faults.push({ fault: 'unfinished', why: `${now[what]} ${what}` });
  const rows = new Map();
  for (const row of closed) {
    if (rows.has(row.chatid)) faults.push({ fault: 'consultation', chat: row.chatid, why: 'it is listed twice' });
    rows.set(row.chatid, row);
  }
  const known = consultations(facts);
  for (const its of known) {
    const row = rows.get(its.chat);
    rows.delete(its.chat);
    if (!row) faults.push({ fault: 'consultation', chat: its.chat, why: 'it is not listed' });
    else faults.push(...listed(its, row, facts, graceMs));
  }
  for (const chat of rows.keys()) faults.push({ fault: 'consultation', chat, why: 'nobody asked for it' });
  return faults;
}

function listed(its, row, facts, graceMs) {
  const { chat, room, group, services, ratings } = its;
  const fault = (kind, why) => ({ fault: kind, chat, why });
  const faults = [];
  if (row.roomid !== room) faults.push(fault('consultation', `it is listed in ${row.roomid}`));
  if ((row.groupid ?? '') !== group) faults.push(fault('assignment', `it is listed for group ${row.groupid}`));
  const rate = ratings.at(-1)?.rate;
  if (row.rateresult !== rate) faults.push(fault('rating', `rated ${rate}, listed as ${row.rateresult}`));
  if (!services.at(-1).ended) faults.push(fault('consultation', 'nobody has ended it'));
  if (changedSilently(its, facts, graceMs)) return faults;
  const last = services.at(-1).holds.at(-1)?.agent;
  // Of what nobody was told, because everybody's connection broke, the list knows more.
  const broken = facts.some(({ what }) => what === 'stopped');
  if (row.csid !== last && !(broken && last === undefined)) faults.push(fault('assignment', `${last ?? 'nobody'} had it last, listed as ${row.csid ?? 'nobody'}’s`));
  for (const { holds, told } of services) {
    const agents = new Set(holds.map(({ agent }) => agent));
    for (const { agent } of told) if (!agents.has(agent)) faults.push(fault('assignment', `it was told to be ${agent}’s, who never had it`));
  }
  return faults;
}

/** From being told of it until anybody began to take it away an agent has it for sure; no two have it at once. */
function shares({ facts }) {
  const faults = [];
  const away = facts.filter(({ what }) => what === 'away');
  for (const { chat, services } of consultations(facts)) {
    const its = facts.filter((fact) => fact.chat === chat);
    for (const { told, ended } of services) {
      const sure = told.filter(({ what }) => ['given', 'seen'].includes(what)).map(({ agent, at }) => {
        const taken = its.filter((fact) => (fact.what === 'handed' && fact.taker !== agent) || (fact.what === 'lost' && fact.agent === agent));
        // Of what was being taken when the agent was told nobody knows which was first.
        const ends = taken.filter((fact) => (fact.to ?? fact.at) >= at).map((fact) => Math.max(at, fact.from ?? fact.at));
        const breaks = away.filter((one) => one.agent === agent).map(({ from }) => from);
        const until = Math.min(ended?.from ?? Infinity, ...[...ends, ...breaks].filter((moment) => moment >= at));
        return { agent, from: at, until };
      });
      for (const [n, one] of sure.entries()) {
        const other = sure.slice(n + 1).find(({ agent, from, until }) => agent !== one.agent && from < one.until && one.from < until);
        if (other) faults.push({ fault: 'shared', chat, why: `${one.agent} and ${other.agent} have it at once` });
      }
    }
  }
  return faults;
}

function counts(ledger, { stats, sum, days, closed }, graceMs) {
  const { facts } = ledger;
  const unclear = new Set(consultations(facts).filter((its) => changedSilently(its, facts, graceMs)).map(({ chat }) => chat));
  const byList = new Map(closed.map(({ chatid, csid }) => [chatid, csid]));
  const sheet = expected(ledger, { byList, unclear });
  const shown = new Map(stats.map((row) => [`${row.groupid ?? ''}|${row.csid ?? ''}`, figures(row)]));
  const faults = [];
  for (const key of new Set([...sheet.rows.keys(), ...shown.keys()])) {
    const group = key.slice(0, key.indexOf('|'));
    for (const name of FIGURES) {
      const { least = 0, most = 0 } = sheet.rows.get(key)?.[name] ?? {};
      const loose = sheet.loose.get(group)?.[name] ?? 0;
      const counted = shown.get(key)?.[name] ?? 0;
      if (counted < least || counted > most + loose) faults.push({ fault: 'count', key, name, counted, least, most: most + loose });
    }
  }
  faults.push(...conserved(facts, sum, unclear));
  const total = (rows) => FIGURES.map((name) => rows.map(figures).reduce((all, row) => all + row[name], 0)).join();
  if (total(stats) !== total([sum]) || total(days) !== total([sum])) faults.push({ fault: 'count', why: 'rows by agent, rows by day and the sum differ' });
  return faults;
}

/** Whoever had what in between: everything that was asked for ends once, and every rating counts once. */
function conserved(facts, sum, unclear) {
  const of = (what) => facts.filter((fact) => fact.what === what);
  const row = figures(sum);
  const ends = consultations(facts).flatMap(({ services }) => services).filter(({ ended }) => ended).length;
  const ratings = new Map(of('rated').map(({ chat, rate }) => [chat, rate]));
  const faults = [];
  const must = (name, counted, right) => counted !== right && faults.push({ fault: 'count', name, counted, least: right, most: right });
  must('asked', row.asked, of('asked').length);
  must('reopened', row.reopened, of('reopened').length);
  must('ended or abandoned', row.ended + row.abandoned, ends);
  must('ratings', FIGURES.slice(-5).reduce((all, name) => all + row[name], 0), ratings.size);
  for (const rate of FIGURES.slice(-5)) must(rate, row[rate], [...ratings.values()].filter((one) => one === rate).length);
  if (unclear.size === 0) must('transferred', row.transferred, of('handed').length);
  return faults;
}

/** A row with each rating by its name. */
function figures({ ratings = [0, 0, 0, 0, 0], ...row }) {
  return { ...Object.fromEntries(FIGURES.map((name) => [name, row[name] ?? 0])), ...Object.fromEntries(FIGURES.slice(-5).map((name, n) => [name, ratings[n]])) };
}

/**
 * What a stop has changed that it must not: `before` and `after` are `{at, open, closed}`, as lists showed consultations that run and the latest that
 * are over. Everybody goes on between the two, and what was done meanwhile stands in the ledger, which must be complete. Faults: order (who waits has
 * overtaken somebody) · seat (an agent’s consultation is not its any more, and it was not away for too long) · head (who lost its agent does not
 * wait before those who were never served) · vanished · rating.
 */
export function judgeStop(before, after, { facts }, { graceMs }) {
  const meanwhile = facts.filter((fact) => (fact.from ?? fact.at) <= after.at && (fact.to ?? fact.at) >= before.at);
  const has = (what, chat) => meanwhile.some((fact) => fact.what === what && fact.chat === chat);
  const now = new Map(after.open.map((row) => [row.chatid, row]));
  return [...vanished(before, now, has), ...seats(before, after, now, meanwhile, has, graceMs), ...order(before, now, has), ...heads(before, after, facts, has), ...ratingsKept(before, after, facts, has)];
}

function vanished({ open }, now, has) {
  return open.filter(({ chatid }) => !now.has(chatid) && !has('ended', chatid)).map(({ chatid }) => ({ fault: 'vanished', chat: chatid }));
}

function seats({ open }, after, now, meanwhile, has, graceMs) {
  const faults = [];
  for (const { chatid: chat, csid } of open.filter(({ status }) => status === 'serving')) {
    const row = now.get(chat);
    if (!row || row.csid === csid || has('handed', chat) || has('ended', chat)) continue;
    const away = Math.max(0, ...meanwhile.filter(({ what, agent }) => what === 'away' && agent === csid).map(({ from, to }) => Math.min(to, after.at) - from));
    if (away < graceMs) faults.push({ fault: 'seat', chat, why: `${csid} had it before, ${row.csid ?? 'nobody'} after; it was away for ${away} ms` });
  }
  return faults;
}

function order({ open }, now, has) {
  const faults = [];
  for (const waiting of grouped(open.filter(({ status }) => status === 'waiting'), ({ groupid = '' }) => groupid).values()) {
    const stillWaits = ({ chatid }) => now.get(chatid)?.status === 'waiting' && !has('given', chatid) && !has('served', chatid);
    const still = waiting.sort((a, b) => a.position - b.position).filter(stillWaits).map(({ chatid }) => now.get(chatid));
    for (const [n, row] of still.entries()) {
      if (n > 0 && row.position <= still[n - 1].position) faults.push({ fault: 'order', chat: row.chatid, why: `it was behind ${still[n - 1].chatid}, which is at ${still[n - 1].position} now, and is at ${row.position}` });
    }
  }
  return faults;
}

/** Whoever was had by an agent once and lost it is not somebody who was never served; and what was over and goes on begins anew. */
function heads(before, after, facts, has) {
  const had = new Set(facts.filter(({ what, at }) => ['served', 'given', 'shown', 'seen'].includes(what) && at <= after.at).map(({ chat }) => chat));
  const served = new Set(before.open.filter(({ status }) => status === 'serving').map(({ chatid }) => chatid));
  const waited = new Set(before.open.filter(({ status, chatid }) => status === 'waiting' && !had.has(chatid)).map(({ chatid }) => chatid));
  const faults = [];
  for (const row of after.open.filter(({ status, chatid }) => status === 'waiting' && served.has(chatid) && !has('ended', chatid) && !has('reopened', chatid))) {
    const other = after.open.find(({ status, chatid, groupid, position }) => status === 'waiting' && waited.has(chatid) && groupid === row.groupid && position < row.position);
    if (other) faults.push({ fault: 'head', chat: row.chatid, why: `${other.chatid}, never served, is before it; of the two is known: ${JSON.stringify(facts.filter(({ chat }) => [row.chatid, other.chatid].includes(chat)))}` });
  }
  return faults;
}

/** Of those that were over before, whatever was acknowledged before. */
function ratingsKept(before, after, facts, has) {
  const rows = new Map(after.closed.map((row) => [row.chatid, row]));
  const faults = [];
  for (const [chat, ratings] of grouped(facts.filter(({ what, to }) => what === 'rated' && to < before.at), (fact) => fact.chat)) {
    const row = rows.get(chat);
    if (!row || has('rated', chat)) continue;
    const { rate } = ratings.at(-1);
    if (row.rateresult !== rate) faults.push({ fault: 'rating', chat, why: `rated ${rate}, shown as ${row.rateresult}` });
  }
  return faults;
}

function grouped(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
