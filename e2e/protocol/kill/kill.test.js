// SIGKILL at random moments while twenty clients talk in ten rooms: nothing acknowledged is lost, doubled, moved; no position is missing.
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../harness/checker.js';
import { PersistentSender } from '../../harness/persistent-sender.js';
import { Random, seedOfThisRun } from '../../harness/random.js';
import { openStage } from '../../harness/stage.js';
import { temporaryFolder } from '../../harness/tidy.js';
import { until } from '../../harness/until.js';

const KILLS = Number(process.env.NODECHAT_KILLS ?? 10);
const ROOMS = 10;
const seed = seedOfThisRun();
const stage = await openStage();

stage.story(`acked messages survive ${KILLS} kills, each once, in one order (NODECHAT_SEED=${seed})`, async (_, context) => {
  context.diagnostic(`NODECHAT_SEED=${seed}`);
  const random = new Random(seed);
  const file = join(temporaryFolder(), 'events.jsonl');
  let acked = 0;
  const log = (event) => {
    if (event.event === 'acked') acked += 1;
    appendFileSync(file, `${JSON.stringify(event)}\n`);
  };

  const proxy = await stage.proxy();
  const { rooms, people } = await twentyPeople();
  const senders = people.map(({ person, theirs }) => new PersistentSender(person, theirs.map((n) => rooms[n]), log, proxy.url));
  const talk = talking(senders, people, rooms, random);
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = acked;
      await until('messages are acknowledged', () => acked > before + 20, 20_000);
      await moment(random.between(0, 400));
      await stage.server.kill();
      await stage.server.start();
      proxy.target = stage.server.url;
    }
    const before = acked;
    await until('messages are acknowledged after the last kill', () => acked > before + 20, 20_000);
  } finally {
    talk.stop();
  }
  await until('every outbox is empty', () => senders.every(({ outbox }) => outbox.length === 0), 30_000);
  assert.deepEqual(senders.flatMap(({ refusals }) => refusals), []);

  await writeHistories(rooms, log);
  const events = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  context.diagnostic(`${count(events, 'sent')} sent, ${count(events, 'acked')} acknowledged, ${count(events, 'heard')} heard, ${KILLS} kills`);
  const faults = judge(events);
  if (faults.length > 0) {
    copyFileSync(file, `kill-${seed}.log`);
    context.diagnostic(`the events are kept in kill-${seed}.log`);
  }
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
  assert.ok(count(events, 'heard') > count(events, 'acked'), 'the rooms were told');
});

/** One visitor in each room, and one agent who is in three of them. */
async function twentyPeople() {
  const numbers = Array.from({ length: ROOMS }, (_, n) => n);
  const visitors = await Promise.all(numbers.map((n) => stage.visitor(`用户${n}`)));
  const agents = await Promise.all(numbers.map((n) => stage.agent(`客服${n}`)));
  const rooms = [];
  for (const visitor of visitors) {
    await visitor.connects();
    await visitor.joins();
    rooms.push(visitor.roomid);
    await visitor.hangsUp();
  }
  return {
    rooms,
    people: [
      ...visitors.map((person, n) => ({ person, theirs: [n] })),
      ...agents.map((person, n) => ({ person, theirs: [n, (n + 1) % ROOMS, (n + 2) % ROOMS] })),
    ],
  };
}

/** Lets somebody say one to four things every few milliseconds, until stopped. */
function talking(senders, people, rooms, random) {
  let said = 0;
  let timer;
  const next = () => {
    const who = random.between(0, senders.length - 1);
    const room = rooms[random.pick(people[who].theirs)];
    for (let burst = random.between(1, 4); burst > 0; burst -= 1) senders[who].say(room, `第 ${(said += 1)} 句`);
    timer = setTimeout(next, random.between(1, 12));
  };
  next();
  return { stop: () => clearTimeout(timer) };
}

/** The one place where time passes without a condition: the kill must come at any moment. */
function moment(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function writeHistories(rooms, log) {
  const auditor = await stage.agent('查账');
  await auditor.connects();
  for (const room of rooms) log({ event: 'history', room, messages: (await auditor.history(room)).map(({ id, pos }) => ({ id, pos })) });
}

function count(events, name) {
  return events.filter(({ event }) => event === name).length;
}
