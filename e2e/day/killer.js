// Kills a node in the middle of a day, again and again, and looks before and after: who waits where, who serves whom, how it was rated. Each time
// some agents are away: one of each company comes back within its grace, one whose grace is short stays away until others have what it had.
import { moment } from '../harness/crowd.js';
import { until } from '../harness/until.js';
import { judgeStop } from './judge.js';

/** Somebody is gone for the server this long after the last connection went. */
const BLINK_MS = 1_500;

/** By then a node that runs again has let everybody in, and ended what is over. */
const DEADLINE_MS = 60_000;

export class Killer {
  #day;
  #kills;
  #random;
  /** `{shop, before, after}` of each. */
  #looks = [];
  /** `{shop, agent, had, found}` of each who came back in time. */
  #returns = [];
  #figures = { kills: 0, waiting: 0, serving: 0, outlasted: 0, expired: 0 };

  constructor(day, { kills, random }) {
    this.#day = day;
    this.#kills = kills;
    this.#random = random;
  }

  /** Strikes in equal parts of the day. Answers how to judge it, which is for when the ledgers are complete. */
  async strikes() {
    for (let kill = 0; kill < this.#kills; kill += 1) {
      const due = (kill + 0.5 + this.#random.next() / 2) / (this.#kills + 1);
      await until(`it is time for kill ${kill + 1}`, () => this.#day.check() || this.#day.share >= due, 600_000);
      await this.#strikes(kill % 2 === 1);
    }
    return () => [...this.#looks.flatMap(({ shop, before, after }) => judgeStop(before, after, shop.ledger, shop.company).map((fault) => ({ company: shop.company.id, ...fault }))), ...this.#returns.flatMap((one) => this.#lost(one))];
  }

  figures() {
    return { ...this.#figures };
  }

  /** `isLong`: whether the graces of those who are away run out meanwhile, where they are short. */
  async #strikes(isLong) {
    const { shops, stage } = this.#day;
    const away = shops.map((shop) => (isLong || !shop.isShort ? this.#vanishes(shop) : undefined));
    const gone = await Promise.all(away);
    // For some the server knows that they are gone, for others it finds out when it is back.
    await moment(this.#random.between(0, 2 * BLINK_MS));
    const before = await Promise.all(shops.map((shop) => shop.standing()));
    const from = before[0].at;
    const node = this.#random.pick(stage.server.nodes);
    await node.kill();
    const short = shops.find((shop) => shop.isShort);
    // Time goes by while nobody keeps it.
    if (isLong) await moment(this.#random.between(0, short.company.graceMs + BLINK_MS));
    await node.start();
    if (isLong) await this.#expires(short, gone[shops.indexOf(short)]);
    // The one is as old as its question, the other as young as its answer.
    const after = (await Promise.all(shops.map((shop) => shop.standing()))).map((standing) => ({ ...standing, at: standing.until }));
    shops.forEach((shop, n) => {
      this.#looks.push({ shop, before: before[n], after: after[n] });
      shop.ledger.facts.push({ what: 'stopped', from, to: after[n].at });
      for (const { status } of before[n].open) this.#figures[status] += 1;
    });
    this.#figures.kills += 1;
    await Promise.all(gone.filter(Boolean).map(({ agent }) => agent.returns()));
    for (const { shop, agent, had } of gone.filter((one) => one && !one.shop.isShort)) {
      this.#figures.outlasted += had.length;
      this.#returns.push({ shop, agent, had, found: agent.serves });
    }
  }

  /** Somebody who serves is suddenly away; none where nobody does. */
  async #vanishes(shop) {
    const busy = shop.agents.filter((agent) => !agent.isAway && agent.serves.length > 0);
    if (busy.length === 0) return undefined;
    const agent = this.#random.pick(busy);
    const had = agent.serves;
    await agent.vanishes();
    return { shop, agent, had };
  }

  /** The grace is over: what the agent had is not its any more. */
  async #expires(shop, gone) {
    if (!gone) return;
    await until(`${gone.agent.aid} has lost what it had`, async () => {
      const { open } = await shop.standing();
      return open.every(({ csid }) => csid !== gone.agent.aid);
    }, DEADLINE_MS);
    this.#figures.expired += gone.had.length;
  }

  /** Within its grace it finds what it had, but for what was ended or handed on meanwhile. */
  #lost({ shop, agent, had, found }) {
    const gone = (chat) => shop.ledger.isDone('ended', chat) || shop.ledger.isDone('handed', chat);
    return had.filter((chat) => !found.includes(chat) && !gone(chat)).map((chat) => ({ fault: 'grace', company: shop.company.id, chat, why: `${agent.aid} came back in time` }));
  }
}
