// Promises about connecting: who is told what, and when the next attempt is made.
import { afterEach, expect, test, vi } from 'vitest';
import { Nodechat } from '../src/nodechat.js';
import { FakeServer } from './support/fake-server.js';
import { ANSWER_MS, isAnswerWait, isRetryWait, numbers, openPage, ROOM, until } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();

afterEach(() => vi.unstubAllGlobals());

test('connect_hands_over_the_session', async () => {
  const page = at.open();
  await page.ready();
  expect(page.sessions).toMatchObject([{ aid: 'u1', type: 'user', atype: 'uweb', epoch: 'epoch-1' }]);
  expect(page.chat.session).toEqual(page.sessions[0]);
  expect(page.reconnects).toEqual([]);
});

test('a_visitors_page_tells_where_it_is_and_nothing_else_does', async () => {
  await at.open().ready();
  vi.stubGlobal('document', { URL: 'https://shop.example/shoes?id=7#token=secret', referrer: 'https://search.example/' });
  vi.stubGlobal('location', { origin: 'https://shop.example', protocol: 'https:' });
  await at.open().ready();
  await at.open({ atype: 'cweb' }).ready();
  expect(at.server.arrivals).toEqual([{}, { page: 'https://shop.example/shoes?id=7', referrer: 'https://search.example/' }, {}]);
});

test.each([[['polling']], [['polling', 'websocket']], [['websocket']]])('a_chat_works_over %j', async (transports) => {
  const page = at.open({ transports: transports as ('polling' | 'websocket')[] });
  await page.chat.join({ companyid: 'c1' });
  const said = numbers(0, 30).map((n) => `第 ${n} 句 😀`);
  await Promise.all(said.map((text) => page.chat.send(ROOM, text)));
  await page.settled();
  expect(page.heard()).toEqual(said);
});

test('a_refused_ticket_is_told_once_and_not_tried_again', async () => {
  at.server.refusals.push({ errcode: 4003, errmsg: 'the ticket has expired' });
  const page = at.open({ ticket: 'old' });
  const asked = page.chat.request('mkread', { roomid: ROOM });
  await expect(asked).rejects.toMatchObject({ errcode: Nodechat.Codes.NOT_ALLOWED });
  expect(page.refusals).toMatchObject([{ errcode: 4003, errmsg: 'the ticket has expired' }]);
  expect(page.world.running(() => true)).toEqual([]);
  expect(at.server.tickets).toEqual(['old']);
});

test('a_new_ticket_connects_and_sends_what_waited', async () => {
  at.server.refusals.push({ errcode: 4003, errmsg: 'the ticket has expired' });
  const page = at.open({ ticket: 'old', connect: (err) => !err && page.chat.emit('join', { roomid: ROOM }) });
  const sent = page.chat.send(ROOM, 'patience');
  await until(() => page.refusals.length === 1);
  page.chat.renew('new');
  await sent;
  expect(at.server.tickets).toEqual(['old', 'new']);
  expect(at.server.texts(ROOM)).toEqual(['patience']);
});

test('a_temporary_refusal_is_tried_again_not_before_retry_after', async () => {
  at.server.refusals.push({ errcode: 5003, errmsg: 'the store is down', retry_after: 7_000 });
  at.server.refusals.push({ errcode: 4029, errmsg: 'too many', retry_after: 9_000 });
  const page = at.open();
  await page.ready();
  expect(page.refusals).toMatchObject([
    { errcode: 5003, retry_after: 7_000 },
    { errcode: 4029, retry_after: 9_000 },
  ]);
  expect(page.world.waits.filter(isRetryWait)).toEqual([7_000, 9_000]);
  expect(page.sessions).toHaveLength(1);
});

test('after_a_cut_connect_and_reconnect_are_told', async () => {
  const page = at.open();
  const reasons: string[] = [];
  page.chat.on('disconnect', (reason) => reasons.push(reason));
  await page.ready();
  at.server.cut();
  await until(() => page.sessions.length === 2);
  expect(page.reconnects).toEqual([1]);
  expect(reasons).toHaveLength(1);
});

test('reconnect_counts_the_attempts', async () => {
  const page = at.open();
  await page.ready();
  for (let i = 0; i < 3; i++) at.server.refusals.push({ errcode: 5003, errmsg: 'later' });
  at.server.cut();
  await until(() => page.sessions.length === 2);
  expect(page.reconnects).toEqual([4]);
  // Doubling, halved by the smallest chance: it never hammers.
  expect(page.world.waits.filter(isRetryWait)).toEqual([250, 250, 500, 1_000]);
});

test('a_polite_end_by_the_server_is_followed_by_a_new_attempt', async () => {
  const page = at.open();
  await page.ready();
  at.server.dismiss();
  await until(() => page.sessions.length === 2);
});

test('an_unreachable_server_is_reported_and_tried_until_it_is_there', async () => {
  const { url } = at.server;
  await at.server.stop();
  const page = openPage({ url });
  page.world.held = true;
  await until(() => page.errors.length === 1);
  at.server = await FakeServer.start(Number(new URL(url).port));
  page.world.end(isRetryWait);
  await page.ready();
  expect(page.refusals).toEqual([]);
  page.chat.close();
});

test('a_server_that_does_not_say_session_is_tried_again', async () => {
  at.server.greets = false;
  const page = at.open();
  await until(() => at.server.connections === 1);
  at.server.greets = true;
  page.world.end(isAnswerWait);
  await page.ready();
  expect(page.errors).toHaveLength(1);
});

test('close_ends_the_connection_and_fails_what_waits', async () => {
  const page = at.open();
  await page.ready();
  at.server.next('mgr', () => {});
  const asked = page.chat.request('mgr', { type: 'setStatus', status: 'O' });
  await until(() => at.server.heard.length === 1);
  page.chat.close();
  await expect(asked).rejects.toMatchObject({ errcode: 3100 });
  await expect(page.chat.send(ROOM, 'too late')).rejects.toMatchObject({ errcode: 3100 });
  await until(() => at.server.connections === 0);
  expect(page.world.running(() => true)).toEqual([]);
});

test('a_page_may_close_in_any_callback', async () => {
  const page = at.open({ connect: () => page.chat.close() });
  await until(() => page.sessions.length === 1);
  expect(page.world.running(() => true)).toEqual([]);
  const other = at.open();
  other.chat.on('disconnect', () => other.chat.close());
  await other.ready();
  at.server.cut();
  await until(() => !other.chat.connected);
  expect(other.world.running(() => true)).toEqual([]);
});

test('the_wait_for_an_answer_can_be_chosen', async () => {
  const page = at.open({ timeout: ANSWER_MS + 1 });
  await page.ready();
  expect(page.world.waits).toEqual([ANSWER_MS + 1]);
});
