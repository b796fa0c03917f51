// The whole promise at once: two pages, bad weather of every kind, and both end equal to the history.
import { expect, test } from 'vitest';
import type { Message } from '../src/types.js';
import { chance } from './support/chance.js';
import { numbers, ROOM, until } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();

/** Turns bad weather on; the answer ends it. */
function badWeather(seed: number): () => void {
  const random = chance(seed);
  const held: (() => void)[] = [];
  at.server.deliver = (socket, message) => {
    const emit = (): void => void socket.emit('chat', message);
    const dice = random();
    if (dice < 0.05) return;
    if (dice < 0.12) return void held.push(emit);
    emit();
    if (dice > 0.9) emit();
    for (const late of held.splice(0)) late();
  };
  let storm = true;
  const gust = (event: string): void =>
    at.server.next(event, (_payload, ack, usual, socket) => {
      if (storm) gust(event);
      const dice = storm ? random() : 1;
      if (dice < 0.03) return void socket.conn.close();
      if (dice < 0.06) return void (usual('silent'), socket.conn.close());
      if (dice < 0.1) return ack({ errcode: 5003, errmsg: 'busy', retry_after: 20 });
      if (dice < 0.13) return ack({ errcode: 4029, errmsg: 'slow down' });
      usual();
    });
  for (const event of ['chat', 'join', 'user']) gust(event);
  return () => {
    storm = false;
    at.server.deliver = (socket, message) => void socket.emit('chat', message);
  };
}

test.each([11, 12, 13, 14, 15, 16])('in_storm_%i_nothing_is_lost_doubled_or_out_of_order', async (seed) => {
  const pages = [at.open(), at.open()];
  for (const page of pages) await page.chat.join({ roomid: ROOM });
  const calm = badWeather(seed);
  const said = pages.map((_, who) => numbers(0, 150).map((n) => `${who}:${n}`));
  await Promise.all(pages.flatMap((page, who) => said[who]!.map((text) => page.chat.send(ROOM, text))));
  calm();
  at.server.says(ROOM, 'calm');

  const history = at.server.texts(ROOM);
  for (const [who] of pages.entries()) expect(history.filter((text) => text.startsWith(`${who}:`))).toEqual(said[who]);
  await until(() => pages.every((page) => page.heard().length >= history.length));
  for (const page of pages) await page.settled();
  for (const page of pages) expect(page.heard()).toEqual(history);
  for (const page of pages) expect(page.gaps).toEqual([]);
});

test.each([21, 22, 23, 24])('in_storm_%i_a_page_that_joins_in_every_connect_misses_nothing', async (seed) => {
  const seen = new Set<number>();
  const saw = (messages: Message[]): void => messages.forEach(({ pos }) => seen.add(pos!));
  const page = at.open({
    connect: (err) => {
      if (!err) page.chat.emit('join', { companyid: 'c1' }, (_err, datas) => datas && saw(datas.data.chat_msgs));
    },
  });
  page.chat.on('chat', ({ data }) => saw([data]));
  await page.settled();
  const calm = badWeather(seed);
  for (const text of numbers(0, 200)) {
    at.server.says(ROOM, text, text);
    await page.chat.send(ROOM, text);
  }
  calm();
  at.server.says(ROOM, 'calm');
  await until(() => seen.size >= 601);
  await page.settled();
  const heard = page.events.map(({ data }) => data.pos!);
  expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
});
