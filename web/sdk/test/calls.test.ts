// Promises about plain requests: answered once, asked again only where that is harmless.
import { expect, test } from 'vitest';
import { isAnswerWait, ROOM, until } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();

test('requests_before_the_connection_are_sent_in_their_order', async () => {
  const page = at.open();
  const asked = [page.chat.request('fence', { n: 1 }), page.chat.request('fence', { n: 2 })];
  page.chat.emit('fence', { n: 3 });
  await Promise.all(asked);
  await page.settled();
  expect(at.server.requests('fence').slice(0, 3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('emit_works_without_a_payload', async () => {
  const page = at.open();
  let told: unknown[] = [];
  page.chat.emit('fence', (...args: unknown[]) => (told = args));
  await until(() => told.length > 0);
  expect(told).toEqual([null, {}]);
});

test('a_refusal_is_an_error_with_its_code', async () => {
  const page = at.open();
  await expect(page.chat.request('nonsense', {})).rejects.toMatchObject({ errcode: 3100, errmsg: 'no such call' });
  at.server.next('list', (_payload, ack) => ack({ errcode: 4029, errmsg: 'slow down', retry_after: 5 }));
  await expect(page.chat.request('list', {})).rejects.toMatchObject({ errcode: 4029, retry_after: 5 });
});

test.each([
  ['mkread', { roomid: ROOM }],
  ['user', { type: 'viewchat', roomid: ROOM, start: 0 }],
  ['list', { type: 'unreads' }],
])('%s_is_asked_again_after_a_cut', async (event, payload) => {
  const page = at.open();
  await page.ready();
  at.server.next(event, (_payload, _ack, _usual, socket) => socket.conn.close());
  at.server.next(event, (_payload, ack) => ack(null, { answered: true }));
  expect(await page.chat.request(event, payload)).toEqual({ answered: true });
});

test('what_may_not_be_done_twice_fails_when_the_connection_breaks', async () => {
  const page = at.open();
  await page.ready();
  at.server.next('mgr', (_payload, _ack, _usual, socket) => socket.conn.close());
  await expect(page.chat.request('mgr', { type: 'serveChat' })).rejects.toMatchObject({ errcode: 3100 });
  await page.ready();
  await page.settled();
  expect(at.server.requests('mgr')).toHaveLength(1);
});

test('no_answer_in_time_is_an_error', async () => {
  const page = at.open();
  await page.ready();
  at.server.next('mkread', () => {});
  const asked = page.chat.markRead(ROOM);
  await until(() => at.server.heard.length === 1);
  page.world.end(isAnswerWait);
  await expect(asked).rejects.toMatchObject({ errcode: 3101 });
});

test('a_request_that_timed_out_while_waiting_is_never_sent', async () => {
  const page = at.open();
  const asked = page.chat.request('mgr', { type: 'serveChat' }, { timeout: 30_000 });
  page.world.end((ms) => ms === 30_000);
  await expect(asked).rejects.toMatchObject({ errcode: 3101 });
  await page.settled();
  expect(at.server.requests('mgr')).toEqual([]);
});

test('typing_is_not_kept_for_later', async () => {
  const page = at.open();
  page.chat.emit('typing', { roomid: ROOM });
  await page.settled();
  expect(at.server.requests('typing')).toEqual([]);
  expect(page.errors).toEqual([]);
});

test('other_events_pass_through', async () => {
  const page = at.open();
  const told: unknown[] = [];
  const listener = (...args: unknown[]): void => void told.push(args);
  page.chat.on('mkread', listener).on('presence', listener);
  await page.ready();
  at.server.tell('mkread', { roomid: ROOM, type: 'cs', time: 5 });
  at.server.tell('presence', { aid: 'a' }, Buffer.from([1, 2]));
  await page.settled();
  page.chat.off('mkread', listener).off('presence');
  at.server.tell('mkread', { roomid: ROOM, type: 'cs', time: 6 });
  at.server.tell('presence', {});
  await page.settled();
  expect(told).toEqual([[{ roomid: ROOM, type: 'cs', time: 5 }], [{ aid: 'a' }, Buffer.from([1, 2])]]);
});

test('history_and_join_give_what_is_inside_the_answer', async () => {
  at.server.says(ROOM, ...'abcdefghijklmno');
  const page = at.open();
  const room = await page.chat.join({ shopid: 'c1', shopname: 'Shop One' });
  expect(room).toMatchObject({ roomid: ROOM, msg_pos: 5, topic: 'Shop One' });
  const earlier = await page.chat.history(ROOM, room.msg_pos - 10);
  expect(earlier.map(({ msg }) => msg)).toEqual([...'abcde']);
  await page.chat.markRead(ROOM, 3);
  expect(at.server.requests('mkread')).toEqual([{ roomid: ROOM, pos: 3 }]);
});

test('join_without_any_name_is_the_servers_to_refuse', async () => {
  const page = at.open();
  await expect(page.chat.request('join', {})).rejects.toMatchObject({ errcode: 4001 });
  await expect(page.chat.request('join')).rejects.toMatchObject({ errcode: expect.any(Number) });
});
