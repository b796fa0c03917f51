// A history is moved from a data folder to PostgreSQL and a bucket, and back, while people talk: whoever stays connected sees one history, and nothing is missing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { copy, moved, startCopy } from '../harness/copy.js';
import { Crowd, moment } from '../harness/crowd.js';
import { onPostgres, onSqlite } from '../harness/ground.js';
import { newHouse } from '../harness/house.js';
import { Person } from '../harness/person.js';
import { png } from '../harness/pictures.js';
import { Random, seedOfThisRun } from '../harness/random.js';
import { S3 } from '../harness/s3.js';
import { Stage } from '../harness/stage.js';

const MESSAGES = Number(process.env.NODECHAT_COPY_MESSAGES ?? 20_000);
const KILLS = Number(process.env.NODECHAT_COPY_KILLS ?? 3);
const FILL = join(dirname(fileURLToPath(import.meta.url)), 'fill.py');
const TEXT = '发票 🧾';
const seed = seedOfThisRun();
const random = new Random(seed);

const stage = await openStageWithPast();
after(() => stage.close());

stage.story(`${MESSAGES} messages move to PostgreSQL and back under load, with ${KILLS} kills each way (NODECHAT_SEED=${seed})`, async (_, context) => {
  const say = (text) => context.diagnostic(text);
  const folder = stage.server.dataDirs[0];
  const proxy = await stage.proxy(() => stage.server.url);
  const crowd = await Crowd.gather(stage, { rooms: 6, random, paceMs: 30, via: proxy.url, atOnce: 4 });
  stage.closesWith(() => crowd.hushes());
  const talk = { crowd, proxy, say };
  await crowd.goesOn();

  const past = await pastAsSeen();
  const uploads = [await uploaded()];
  const anonymous = await anonymousVisitor();
  const epoch = await epochAsSeen();

  const s3 = await new S3().start();
  stage.closesWith(() => s3.kill());
  const { NODECHAT_FILES: bucket, ...env } = s3.environment('moved');
  const ground = await onPostgres();
  const database = await newHouse({ args: [], env: { ...env, NODECHAT_FILES: bucket }, ground });
  await moves(talk, { from: folder, to: ground.url, args: ['--files-to', bucket], env }, database, async () => {
    uploads.push(await uploaded());
    await anonymous.becomes('somebody');
  });
  await everythingIsThere({ past, uploads, anonymous, epoch });

  const back = await newHouse({ args: [], ground: onSqlite() });
  await moves(talk, { from: ground.url, to: back.dataDirs[0], args: ['--files-from', bucket], env }, back, async () => uploads.push(await uploaded()));
  await everythingIsThere({ past, uploads, anonymous, epoch });

  await crowd.settles();
  await crowd.verdict(`copy-${seed}`, context);
});

/** Copies beside the server that serves, kills that, copies again; then the server stops, the rest is copied, and the new one takes over. */
async function moves({ crowd, proxy, say }, move, house, meanwhile) {
  const former = stage.server;
  let killed = 0;
  // One that was too quick to be killed shows how long it takes at most.
  for (let ms = MESSAGES / 50; killed < KILLS; ) {
    if (await killedOnItsWay(startCopy(move), ms)) killed += 1;
    else ms /= 2;
    await crowd.goesOn();
  }
  const first = await copy(move);
  say(`${killed} copies were killed on their way; the first that ended took ${first.seconds.toFixed(1)} s, ${first.newer_messages} messages were said meanwhile`);
  assert.ok(first.source_served || first.source_written, 'it says that the source goes on');
  assert.equal(first.complete, false);
  assert.ok(first.tables.find(({ table }) => table === 'message').rows >= MESSAGES);

  await crowd.goesOn();
  await meanwhile();
  const second = await copy(move);
  assert.equal(moved(second, 'message').gone < 100, true, 'only an adopted room may move');
  await crowd.goesOn();

  await former.stop();
  await killedOnItsWay(startCopy(move), 400);
  const last = await copy(move);
  say(`the last run took ${last.seconds.toFixed(1)} s for ${moved(last, 'message').new} messages`);
  assert.equal(last.complete, true, JSON.stringify(last));
  assert.ok(moved(last, 'message').new + moved(second, 'message').new < MESSAGES / 2, 'a later run copies what is new');

  await house.start();
  stage.server = house;
  stage.closesWith(() => former.close());
  proxy.drop();
  await crowd.goesOn();
  await assert.rejects(copy(move), /used by a server|history of its own/, 'what is served is no copy any more');
}

/** Kills the copy at some moment within `ms`; whether it was still on its way. */
async function killedOnItsWay(run, ms) {
  await moment(random.between(0, Math.ceil(ms)));
  run.kill();
  return Boolean((await run.ended).killed);
}

/** A server whose company has a past. */
async function openStageWithPast() {
  const opened = new Stage(await newHouse({ args: [], ground: onSqlite() }));
  await opened.open();
  await opened.server.command('company', 'create', '--id', 'c2', '--name', '随便逛逛', '--anonymous');
  await opened.server.stop();
  const database = join(opened.server.dataDirs[0], 'nodechat.db');
  assert.ok(existsSync(database));
  execFileSync('python3', [FILL, database, String(Math.max(10, MESSAGES / 100)), String(MESSAGES)]);
  await opened.server.start();
  return opened;
}

/** What an agent sees in some rooms of the past. */
async function pastAsSeen() {
  const agent = await stage.agent();
  await agent.connects();
  const rooms = [];
  for (const number of [1, 5, 9]) {
    const roomid = `/U2S_past-${number}#c1`;
    const { reads, members } = await agent.joins(roomid);
    rooms.push({ roomid, reads, visitor: members.find(({ type }) => type === 'user'), history: await agent.history(roomid) });
  }
  await agent.hangsUp();
  return rooms;
}

async function epochAsSeen() {
  const agent = await stage.agent();
  const { epoch } = await agent.connects();
  await agent.hangsUp();
  return epoch;
}

async function uploaded() {
  const visitor = await stage.visitor();
  const picture = await stage.api.uploadImage(visitor.ticket, png(), 'a.png');
  const file = await stage.api.uploadFile(visitor.ticket, Buffer.from(TEXT), '发票.txt', 'text/plain');
  assert.deepEqual([picture.body.errcode ?? 0, file.body.errcode ?? 0], [0, 0], JSON.stringify([picture.body, file.body]));
  return { picture: picture.body.data, file: file.body.fileid };
}

/** Somebody who is not logged in, talks, and turns out to be known. */
async function anonymousVisitor() {
  const { body } = await stage.api.visitor({ companyid: 'c2' });
  const person = new Person({ url: stage.server.url, type: 'user', aid: body.data.aid, nick: '访客', companyid: 'c2', ticket: body.ticket });
  await person.connects();
  await person.joins();
  await person.saysAll(['一', '二', '三']);
  await person.hangsUp();
  return {
    texts: ['一', '二', '三'],
    async becomes(aid) {
      const key = await stage.key('c2');
      const { body: named } = await stage.api.token(key, { type: 'user', aid, nick: '有名', companyid: 'c2', visitor: body.visitor });
      assert.equal(named.errcode, 0, JSON.stringify(named));
      this.aid = aid;
    },
  };
}

async function everythingIsThere({ past, uploads, anonymous, epoch }) {
  assert.deepEqual(await pastAsSeen(), past);
  assert.equal(await epochAsSeen(), epoch);
  for (const { picture, file } of uploads) {
    const shown = await fetch(await stage.api.pictureUrl(picture));
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), png());
    const got = await fetch(stage.api.fileUrl(file));
    assert.equal(got.status, 200);
    assert.equal(await got.text(), TEXT);
  }
  const agent = await stage.agent('客服', { companyid: 'c2', aid: `cs-${randomUUID().slice(0, 8)}` });
  await agent.connects();
  const roomid = `/U2S_${anonymous.aid}#c2`;
  await agent.joins(roomid);
  const history = await agent.history(roomid);
  assert.deepEqual(history.map(({ msg }) => msg), anonymous.texts);
  assert.ok(history.every(({ aid }) => aid === anonymous.aid));
  await agent.hangsUp();
}
