// One visitor of the day: asks the bot, asks for a human, waits or gives up, talks, ends, rates; and writes down everything.
import { randomUUID } from 'node:crypto';
import { until } from '../harness/until.js';

/** How long a visitor of the day may be kept waiting before the day has failed. */
const PATIENCE_MS = 120_000;

const PLEASE_END = 'that was all, you may end';

const RATES = ['BEST', 'GOOD', 'JUSTSOSO', 'BAD', 'RUBBISH'];

/**
 * Plays a visit from the first connection to the last word. `plan` says what this visitor will do; `ledger` is the company's bookkeeping.
 * Resolves when nothing is left to do.
 */
export async function visit({ stage, person, plan, ledger }) {
  await person.connects();
  await person.joins();
  ledger.enters(person);
  for (const text of plan.toTheBot) await says(person, text, ledger);
  const asked = await person.gets('user', { type: 'applycs', roomid: person.roomid });
  ledger.asks(person, asked.chatid);
  if (asked.status === 'waiting' && plan.givesUp) return leavesTheQueue(person, asked.chatid, ledger);
  await isServed(person, asked.chatid);
  for (const [turn, text] of plan.toTheAgent.entries()) {
    if (plan.losesTheNetworkAt === turn) person = await comesBack(stage, person);
    await says(person, text, ledger);
    await person.hears(({ msg }) => msg === answerTo(text), { deadlineMs: PATIENCE_MS });
  }
  if (plan.ends) await ends(person, asked.chatid, ledger);
  else await person.link.journal.find(`${person.nick} is told of the end`, isService('ended', asked.chatid), PATIENCE_MS);
  if (plan.rate) await rates(stage, person, asked.chatid, plan.rate, ledger);
}

/** What a visitor of the day intends, drawn from `random`. */
export function intentions(random, name) {
  const words = (what, count) => Array.from({ length: count }, (_, turn) => `${what} ${turn + 1} of ${name}`);
  const talk = random.between(1, 4);
  const ends = random.next() < 0.5;
  const closing = `${ends ? 'that was all' : PLEASE_END}, says ${name}`;
  return {
    toTheBot: words('question', random.between(0, 2)),
    givesUp: random.next() < 0.15,
    toTheAgent: [...words('word', talk), closing],
    losesTheNetworkAt: random.next() < 0.1 ? random.between(0, talk - 1) : undefined,
    ends,
    rate: random.next() < 0.6 ? random.pick(RATES) : undefined,
  };
}

/** What an agent says to what a visitor has said. */
export function answerTo(text) {
  return `re: ${text}`;
}

/** Whether a visitor leaves the ending to the agent. */
export function asksToEnd(text) {
  return text.startsWith(PLEASE_END);
}

async function says(person, text, ledger) {
  const id = randomUUID();
  const { pos } = await person.says(text, { id });
  ledger.said(person.roomid, { id, pos, aid: person.aid, msg: text });
}

async function leavesTheQueue(person, chatid, ledger) {
  // Unless an agent was quicker, which is as good an end.
  await person.gets('user', { type: 'endcs', roomid: person.roomid, chatid });
  ledger.ended(chatid, 'user');
  await person.hangsUp();
}

async function isServed(person, chatid) {
  await person.link.journal.find(`${person.nick} is served`, isService('serving', chatid), PATIENCE_MS);
}

async function comesBack(stage, person) {
  await person.hangsUp();
  const again = stage.tabOf(person);
  await again.connects();
  await again.joins();
  return again;
}

async function ends(person, chatid, ledger) {
  await person.gets('user', { type: 'endcs', roomid: person.roomid, chatid });
  ledger.ended(chatid, 'user');
}

async function rates(stage, person, chatid, rate, ledger) {
  const { body } = await stage.api.post('userChat/saveRate', {
    ticket: person.ticket,
    chatid,
    roomid: person.roomid,
    companyid: person.companyid,
    ratetype: 'AUTO',
    rateresult: rate,
  });
  if (body.errcode !== 0) throw new Error(`${person.nick} could not rate: ${JSON.stringify(body)}`);
  ledger.rated(chatid, rate);
}

function isService(type, chatid) {
  return ({ name, args: [event] }) => name === 'service' && event.type === type && event.chatid === chatid;
}

/** Waits until nobody of the company is waiting or being served any more. */
export function quiet(ledger) {
  return until('every consultation has ended', () => ledger.open().length === 0, PATIENCE_MS);
}
