// What everybody intends on a day, drawn from a seed.

const PLEASE_END = 'that was all, you may end';
const QUESTION = 'a question';

export const RATES = ['BEST', 'GOOD', 'JUSTSOSO', 'BAD', 'RUBBISH'];

const WAYS = ['AUTO', 'HAND'];

/** What a visitor will do. `groups`: ids of the company's; `agents`: whom one may ask for by name. */
export function intentions(random, { name, groups, agents, hasBot }) {
  const does = (share) => random.next() < share;
  const words = (what, count) => Array.from({ length: count }, (_, turn) => `${what} ${turn + 1} of ${name}`);
  const talk = random.between(1, 4);
  const ends = does(0.5);
  return {
    name,
    vip: does(0.1),
    toTheBot: words(QUESTION, random.between(0, 2)),
    picks: hasBot && does(0.4),
    group: does(0.6) ? random.pick(groups) : undefined,
    agent: does(0.05) ? random.pick(agents) : undefined,
    givesUp: does(0.15),
    toTheAgent: [...words('word', talk), `${ends ? 'that was all' : PLEASE_END}, says ${name}`],
    /** Before which of these the network is lost, if ever. */
    losesTheNetworkAt: does(0.1) ? random.between(0, talk) : undefined,
    ends,
    /** Ratings in their order; the last one counts. */
    ratesMeanwhile: does(0.08) ? rating(random) : undefined,
    rates: does(0.6) ? Array.from({ length: does(0.2) ? 2 : 1 }, () => rating(random)) : [],
    reopens: does(0.06),
    again: `one more thing, ${PLEASE_END}, says ${name}`,
  };
}

function rating(random) {
  return { rate: random.pick(RATES), way: random.pick(WAYS), overHttp: random.next() < 0.5 };
}

/** When an agent reloads its page, is busy for a while, goes home for a while, as shares of the day: never many at once. The last two are specialists, who stay. */
export function shift(random, { number, agents }) {
  const slot = (number + 0.5) / agents;
  const isSpecialist = number >= agents - 2;
  return {
    isSpecialist,
    reloads: [0.1 + 0.8 * random.next()],
    busy: !isSpecialist && number % 3 === 1 ? { from: 0.1 + 0.7 * slot, to: 0.18 + 0.7 * slot } : undefined,
    home: !isSpecialist && number % 3 === 2 ? { from: 0.1 + 0.7 * slot, to: 0.2 + 0.7 * slot } : undefined,
  };
}

/** What an agent says to what a visitor has said. */
export function answerTo(text) {
  return `re: ${text}`;
}

/** Whether an agent answers it: what was asked before any agent was there is the bot's. */
export function expectsAnswer(text) {
  return typeof text === 'string' && !text.startsWith(QUESTION);
}

/** Whether a visitor leaves the ending to the agent. */
export function asksToEnd(text) {
  return text.includes(PLEASE_END);
}
