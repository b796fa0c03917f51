// Promises about sending: kept until stored, stored once, in the order in which it was said.
import { expect, test } from 'vitest';
import type { Page } from './support/page.js';
import { isAnswerWait, isRetryWait, numbers, ROOM, until } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();

async function inRoom(options?: Parameters<typeof at.open>[0]): Promise<Page> {
  const page = at.open(options);
  await page.chat.join({ roomid: ROOM });
  return page;
}

test('a_message_gets_an_id_and_a_receipt', async () => {
  const page = await inRoom();
  const receipt = await page.chat.send(ROOM, 'hi');
  expect(receipt).toMatchObject({ success: true, pos: 0 });
  expect(receipt.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(at.server.messages(ROOM)[0]!.id).toBe(receipt.id);
  expect(page.chat.pending()).toEqual([]);
});

test('emit_chat_goes_through_the_same_outbox', async () => {
  const page = await inRoom();
  let told: unknown[] = [];
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'hi' }, (...args) => (told = args));
  expect(page.chat.pending(ROOM)).toMatchObject([{ roomid: ROOM, type: 'text', msg: 'hi' }]);
  await until(() => told.length > 0);
  expect(told).toMatchObject([null, { success: true, pos: 0 }]);
});

test('what_is_said_before_the_connection_is_there_is_sent', async () => {
  const page = at.open();
  page.chat.emit('join', { roomid: ROOM });
  await page.chat.send(ROOM, 'early');
  expect(at.server.texts(ROOM)).toEqual(['early']);
});

test('stored_but_cut_before_the_ack_is_one_message', async () => {
  const page = await inRoom();
  at.server.next('chat', (_payload, _ack, usual, socket) => {
    usual('silent');
    socket.conn.close();
  });
  const receipt = await page.chat.send(ROOM, 'once');
  await page.settled();
  expect(receipt).toMatchObject({ pos: 0, dup: true });
  expect(at.server.texts(ROOM)).toEqual(['once']);
  expect(page.heard()).toEqual(['once']);
  const [first, second] = at.server.requests('chat');
  expect(second.id).toBe(first.id);
});

test('cuts_while_sending_change_neither_order_nor_number', async () => {
  const page = await inRoom();
  const texts = numbers(0, 60);
  let received = 0;
  const cutSometimes = (): void =>
    at.server.next('chat', (_payload, _ack, usual, socket) => {
      cutSometimes();
      received++;
      if (received % 7 === 3) return void socket.conn.close();
      if (received % 7 !== 5) return usual();
      usual('silent');
      socket.conn.close();
    });
  cutSometimes();
  const receipts = await Promise.all(texts.map((text) => page.chat.send(ROOM, text)));
  expect(at.server.texts(ROOM)).toEqual(texts);
  expect(receipts.map(({ pos }) => pos)).toEqual(texts.map(Number));
  await until(() => page.heard().length >= texts.length);
  await page.settled();
  expect(page.heard()).toEqual(texts);
});

test('a_busy_store_delays_but_does_not_reorder', async () => {
  const page = await inRoom();
  at.server.next('chat', (_payload, ack) => ack({ errcode: 5003, errmsg: 'the store is full', retry_after: 3_000 }));
  at.server.next('chat', (_payload, ack) => ack({ errcode: 4029, errmsg: 'too many', retry_after: 4_000 }));
  await Promise.all(['a', 'b', 'c'].map((text) => page.chat.send(ROOM, text)));
  expect(at.server.texts(ROOM)).toEqual(['a', 'b', 'c']);
  const waits = page.world.waits.filter((ms) => ms === 3_000 || ms === 4_000);
  expect(waits).toEqual([3_000, 4_000]);
  expect(at.server.requests('chat').map(({ msg }) => msg)).toEqual(['a', 'a', 'a', 'b', 'c']);
});

test('one_room_that_has_to_wait_does_not_stop_another', async () => {
  const page = await inRoom();
  await page.chat.join({ roomid: 'other' });
  page.world.held = true;
  at.server.next('chat', (_payload, ack) => ack({ errcode: 5003, errmsg: 'busy', retry_after: 3_000 }));
  const slow = page.chat.send(ROOM, 'slow');
  await page.chat.send('other', 'fast');
  expect(page.chat.pending(ROOM).map(({ msg }) => msg)).toEqual(['slow']);
  page.world.end(isRetryWait);
  await slow;
});

test('a_late_ack_leads_to_one_message_and_one_callback', async () => {
  const page = await inRoom();
  let lateAck = (): void => {};
  at.server.next('chat', (_payload, _ack, usual) => (lateAck = usual));
  const told: unknown[] = [];
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'slow' }, (err, datas) => told.push(err ?? datas));
  await until(() => at.server.requests('chat').length === 1);
  page.world.end(isAnswerWait);
  await until(() => told.length === 1);
  lateAck();
  await page.settled();
  expect(told).toMatchObject([{ success: true, pos: 0 }]);
  expect(at.server.texts(ROOM)).toEqual(['slow']);
  expect(page.heard()).toEqual(['slow']);
});

test.each([4001, 4002, 4003, 4009, 5000])('a_message_refused_with_%i_fails_alone', async (errcode) => {
  const page = await inRoom();
  at.server.next('chat', (_payload, ack) => ack({ errcode, errmsg: 'no' }));
  const refused = page.chat.send(ROOM, 'bad');
  const next = page.chat.send(ROOM, 'good');
  await expect(refused).rejects.toMatchObject({ name: 'NodechatError', errcode, errmsg: 'no', message: 'no' });
  await next;
  expect(at.server.texts(ROOM)).toEqual(['good']);
  expect(page.chat.pending()).toEqual([]);
});

test('a_refusal_without_a_callback_is_reported', async () => {
  const page = await inRoom();
  at.server.next('chat', (_payload, ack) => ack({ errcode: 4002, errmsg: 'too long' }));
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'x' });
  await until(() => page.errors.length === 1);
  expect(page.errors[0]).toMatchObject({ errcode: 4002 });
});

test('what_is_sent_again_is_what_was_said', async () => {
  const page = await inRoom();
  const msg = { card: 'order', lines: [1, 2] };
  at.server.next('chat', (_payload, ack) => ack({ errcode: 5003, errmsg: 'busy' }));
  const sent = page.chat.send(ROOM, msg, { type: 'custom' });
  msg.lines.push(3);
  await sent;
  expect(at.server.messages(ROOM)[0]!.msg).toEqual({ card: 'order', lines: [1, 2] });
});

test('close_fails_what_was_not_stored', async () => {
  const page = await inRoom();
  at.server.next('chat', () => {});
  const first = page.chat.send(ROOM, 'a');
  const second = page.chat.send(ROOM, 'b');
  await until(() => at.server.requests('chat').length === 1);
  page.chat.close();
  await expect(first).rejects.toMatchObject({ errcode: 3100 });
  await expect(second).rejects.toMatchObject({ errcode: 3100 });
  expect(page.chat.pending()).toEqual([]);
});

test('a_callback_that_throws_harms_nobody', async () => {
  const page = await inRoom();
  const thrown: unknown[] = [];
  const catcher = (err: unknown): void => void thrown.push(err);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', catcher);
  try {
    page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'a' }, () => {
      throw new Error('of the page');
    });
    await page.chat.send(ROOM, 'b');
    await until(() => thrown.length === 1);
  } finally {
    process.off('uncaughtException', catcher);
    for (const other of others) process.on('uncaughtException', other);
  }
  expect(at.server.texts(ROOM)).toEqual(['a', 'b']);
});
