// Promises about receiving: each message once, in the order of positions, whatever the network does.
import { expect, test } from 'vitest';
import type { Message, Room } from '../src/types.js';
import { isRetryWait, numbers, ROOM, until } from './support/page.js';
import { stage } from './support/stage.js';

const at = stage();

/** What a page shows that draws the answer of `join` and adds every `chat` event. */
function shown(room: Room, heard: string[]): string[] {
  return [...room.chat_msgs.map(({ msg }) => msg), ...heard];
}

test('messages_of_the_join_answer_do_not_come_again', async () => {
  at.server.says(ROOM, 'a', 'b');
  const page = at.open();
  const room = await page.chat.join({ roomid: ROOM });
  at.server.says(ROOM, 'c');
  await page.settled();
  expect(shown(room, page.heard())).toEqual(['a', 'b', 'c']);
});

test.each([{ roomid: ROOM }, { companyid: 'c1' }, { shopid: 'c1', shopname: 'One' }])(
  'a_message_that_overtakes_the_join_answer_comes_after_it_once: %j',
  async (target) => {
    at.server.says(ROOM, 'a');
    at.server.next('join', (_payload, _ack, usual, socket) => {
      socket.join(ROOM);
      at.server.says(ROOM, 'b');
      usual();
      at.server.says(ROOM, 'c');
    });
    const page = at.open();
    const order: string[] = [];
    page.chat.on('chat', ({ data }) => order.push(data.msg));
    page.chat.emit('join', target, (_err, datas) => order.push(...datas.data.chat_msgs.map(({ msg }: Message) => msg)));
    await page.settled();
    expect(order).toEqual(['a', 'b', 'c']);
  },
);

test('ones_own_message_comes_once', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  const { id } = await page.chat.send(ROOM, 'mine');
  await page.settled();
  expect(page.events.map(({ roomid, data }) => [roomid, data.id, data.pos])).toEqual([[ROOM, id, 0]]);
});

test('ones_own_message_that_got_lost_on_the_way_back_is_fetched', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.deliver = () => {};
  await page.chat.send(ROOM, 'mine');
  await until(() => page.heard().length === 1);
  expect(page.heard()).toEqual(['mine']);
});

test('doubled_swapped_and_lost_events_leave_no_trace', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  let held: (() => void) | undefined;
  at.server.deliver = (socket, message) => {
    const emit = (): void => void socket.emit('chat', message);
    const pos = message.data.pos!;
    if (pos % 5 === 1) return; // lost
    if (pos % 5 === 2) return void (held = emit); // swapped with the next
    emit();
    if (pos % 5 === 4) emit(); // doubled
    held?.();
    held = undefined;
  };
  const said = numbers(0, 250);
  at.server.says(ROOM, ...said);
  await until(() => page.heard().length >= said.length);
  await page.settled();
  expect(page.heard()).toEqual(said);
});

test('what_was_said_during_a_cut_is_handed_over_in_order', async () => {
  const page = at.open();
  const room = await page.chat.join({ roomid: ROOM });
  at.server.says(ROOM, 'before');
  await page.settled();
  page.world.held = true;
  at.server.cut();
  await until(() => !page.chat.connected);
  const missed = numbers(0, 200);
  at.server.says(ROOM, ...missed);
  page.world.held = false;
  page.world.end(isRetryWait);
  await until(() => page.sessions.length === 2);
  at.server.says(ROOM, 'after');
  await until(() => page.heard().includes('after'));
  expect(shown(room, page.heard())).toEqual(['before', ...missed, 'after']);
  expect(at.server.requests('join').at(-1)).toEqual({ roomid: ROOM, since: 1, recalls: 0, epoch: 'epoch-1' });
});

test('a_page_that_joins_in_every_connect_misses_nothing_and_sees_nothing_twice', async () => {
  const order: string[] = [];
  const page = at.open({
    connect: () =>
      page.chat.emit('join', { companyid: 'c1' }, (_err, datas) => {
        expect(datas.data).not.toHaveProperty('missed');
        order.push(...datas.data.chat_msgs.map(({ msg }: Message) => msg));
      }),
  });
  page.chat.on('chat', ({ data }) => order.push(data.msg));
  await page.settled();
  const missed = numbers(0, 25);
  await away(page, () => at.server.says(ROOM, ...missed));
  await page.settled();
  at.server.says(ROOM, 'live');
  await page.settled();
  expect(order).toEqual([...missed, 'live']);
  expect(at.server.requests('join')).toHaveLength(2);
});

test('more_than_one_answer_holds_is_fetched_page_by_page', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  const missed = numbers(0, 777);
  await away(page, () => at.server.says(ROOM, ...missed));
  await until(() => page.heard().length >= missed.length);
  await page.settled();
  expect(page.heard()).toEqual(missed);
  expect(page.gaps).toEqual([]);
  expect(at.server.requests('user').map(({ start, limit }) => [start, limit])).toEqual([[500, 100], [600, 100], [700, 77]]);
});

test('catching_up_survives_another_cut_and_a_busy_store', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.next('user', (_payload, ack) => ack({ errcode: 5003, errmsg: 'busy', retry_after: 50 }));
  at.server.next('user', (_payload, _ack, usual) => usual());
  at.server.next('user', (_payload, _ack, _usual, socket) => socket.conn.close());
  const missed = numbers(0, 900);
  await away(page, () => at.server.says(ROOM, ...missed));
  await until(() => page.heard().length >= missed.length);
  await page.settled();
  expect(page.heard()).toEqual(missed);
});

test('too_much_to_hand_over_is_a_gap', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  await away(page, () => at.server.says(ROOM, ...numbers(0, 6_000)));
  await until(() => page.gaps.length === 1);
  expect(page.gaps[0]).toMatchObject({ roomid: ROOM, reason: 'far', data: { msg_pos: 5_990, next_pos: 6_000 } });
  at.server.says(ROOM, 'live');
  await page.settled();
  expect(page.heard().at(-1)).toBe('live');
  expect(page.heard()).not.toContain('5999');
});

test('another_epoch_is_a_gap', async () => {
  at.server.says(ROOM, 'a', 'b', 'c');
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  await away(page, () => {
    at.server.epoch = 'epoch-2';
    at.server.rooms.set(ROOM, at.server.messages(ROOM).slice(0, 1));
    at.server.says(ROOM, 'B');
  });
  await until(() => page.gaps.length === 1);
  expect(page.gaps[0]).toMatchObject({ reason: 'epoch', data: { epoch: 'epoch-2', next_pos: 2 } });
  expect(page.gaps[0]!.data).not.toHaveProperty('gap');
  at.server.says(ROOM, 'C');
  await page.settled();
  expect(page.heard()).toEqual(['C']);
  await away(page, () => at.server.says(ROOM, 'D'));
  await page.settled();
  expect(page.heard()).toEqual(['C', 'D']);
  expect(page.gaps).toHaveLength(1);
});

test('what_came_early_of_a_replaced_history_is_forgotten', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.deliver = (socket, message) => void (message.data.pos === 1 && socket.emit('chat', message));
  at.server.next('user', () => {});
  at.server.says(ROOM, 'lost', 'early');
  await until(() => at.server.requests('user').length === 1);
  at.server.deliver = (socket, message) => void socket.emit('chat', message);
  await away(page, () => {
    at.server.epoch = 'epoch-2';
    at.server.rooms.delete(ROOM);
  });
  await until(() => page.gaps.length === 1);
  at.server.says(ROOM, 'A', 'B', 'C');
  await page.settled();
  expect(page.heard()).toEqual(['A', 'B', 'C']);
});

test('a_history_that_ends_before_what_was_seen_is_a_gap', async () => {
  at.server.says(ROOM, 'a', 'b', 'c');
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  await away(page, () => at.server.rooms.set(ROOM, at.server.messages(ROOM).slice(0, 2)));
  await until(() => page.gaps.length === 1);
  expect(page.gaps[0]).toMatchObject({ reason: 'beyond', data: { next_pos: 2 } });
  at.server.says(ROOM, 'd');
  await page.settled();
  expect(page.heard()).toEqual(['d']);
});

test('a_page_that_knows_no_gaps_gets_the_newest_words', async () => {
  const page = at.open({ ignoresGaps: true });
  await page.chat.join({ roomid: ROOM });
  at.server.says(ROOM, 'seen');
  await page.settled();
  await away(page, () => at.server.says(ROOM, ...numbers(0, 6_000)));
  await until(() => page.heard().length > 1);
  await page.settled();
  expect(page.heard()).toEqual(['seen', ...numbers(5_990, 6_000)]);
});

test('a_hole_that_cannot_be_filled_is_a_gap', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.deliver = (socket, message) => void (message.data.pos === 1 && socket.emit('chat', message));
  at.server.next('user', (_payload, ack) => ack(null, { roomid: ROOM, chat_msgs: [] }));
  at.server.says(ROOM, 'lost', 'heard');
  await until(() => page.gaps.length === 1);
  expect(page.gaps[0]).toMatchObject({ reason: 'far', data: { next_pos: 2 } });
});

test('after_leave_the_room_is_not_entered_again', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  await page.chat.leave(ROOM);
  await away(page, () => at.server.says(ROOM, 'unheard'));
  await page.settled();
  expect(at.server.requests('join')).toHaveLength(1);
  expect(page.heard()).toEqual([]);
});

test('leave_waits_until_the_last_word_is_stored', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.next('chat', (_payload, _ack, _usual, socket) => socket.conn.close());
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'one more thing' });
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'good-bye' });
  await page.chat.leave(ROOM);
  expect(at.server.texts(ROOM)).toEqual(['one more thing', 'good-bye']);
  expect(page.errors.filter((err) => 'errcode' in err)).toEqual([]);
});

test('join_right_after_leave_stays_in_the_room', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  page.chat.emit('chat', { roomid: ROOM, type: 'text', msg: 'a' });
  const left = page.chat.leave(ROOM);
  const room = await page.chat.join({ roomid: ROOM });
  await left;
  await page.chat.send(ROOM, 'b');
  await page.chat.leave(ROOM);
  await page.chat.join({ roomid: ROOM });
  await page.chat.send(ROOM, 'c');
  await page.settled();
  expect(shown(room, page.heard())).toEqual(['a', 'b', 'c']);
});

test('a_room_that_may_not_be_entered_again_is_reported_and_its_messages_fail', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.next('join', (_payload, ack) => ack({ errcode: 4003, errmsg: 'blocked' }));
  at.server.next('chat', (_payload, _ack, _usual, socket) => socket.conn.close());
  await expect(page.chat.send(ROOM, 'hello?')).rejects.toMatchObject({ errcode: 4003 });
  expect(page.errors.at(-1)).toMatchObject({ errcode: 4003, roomid: ROOM });
  await away(page, () => {});
  await page.settled();
  expect(at.server.requests('join')).toHaveLength(2);
});

test('entering_again_is_tried_until_the_store_is_back', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  for (let i = 0; i < 3; i++) at.server.next('join', (_payload, ack) => ack({ errcode: 5003, errmsg: 'busy', retry_after: 10 }));
  await away(page, () => at.server.says(ROOM, 'missed'));
  await page.chat.send(ROOM, 'mine');
  await until(() => page.heard().length === 2);
  expect(page.heard()).toEqual(['missed', 'mine']);
});

test('a_join_of_the_page_that_fails_for_a_moment_does_not_lose_the_room', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  let refused: unknown;
  page.chat.on('disconnect', () => page.chat.emit('join', { roomid: ROOM }, (err) => (refused = err)));
  at.server.next('join', (_payload, ack) => ack({ errcode: 5003, errmsg: 'busy' }));
  await away(page, () => at.server.says(ROOM, 'missed'));
  await until(() => page.heard().length === 1);
  expect(refused).toMatchObject({ errcode: 5003 });
});

test('a_ticket_that_runs_out_does_not_lose_the_room', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  page.chat.on('disconnect', () => page.chat.emit('join', { roomid: ROOM }, () => {}));
  at.server.refusals.push({ errcode: 4003, errmsg: 'the ticket has expired' });
  at.server.cut();
  await until(() => page.refusals.length === 1);
  at.server.says(ROOM, 'missed');
  page.chat.renew('new');
  await page.chat.send(ROOM, 'back');
  await page.settled();
  expect(page.heard()).toEqual(['missed', 'back']);
});

test('a_join_cut_off_is_answered_in_the_next_session', async () => {
  at.server.says(ROOM, 'a');
  const page = at.open();
  await page.ready();
  at.server.next('join', (_payload, _ack, usual, socket) => {
    socket.conn.close();
    usual();
  });
  const room = await page.chat.join({ companyid: 'c1' });
  at.server.says(ROOM, 'b');
  await page.settled();
  expect(shown(room, page.heard())).toEqual(['a', 'b']);
});

test('a_greeting_outside_the_history_does_not_count', async () => {
  at.server.says(ROOM, 'a');
  at.server.next('join', (_payload, ack, _usual, socket) => {
    socket.join(ROOM);
    const greeting = { type: 'csrmsg', mtype: 'custom', msg: {}, time: 1 };
    const chat_msgs = [...at.server.messages(ROOM), greeting];
    ack(null, { roomid: ROOM, data: { roomid: ROOM, chat_msgs, msg_pos: 0, epoch: 'epoch-1', members: [] } });
  });
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.says(ROOM, 'b');
  await page.settled();
  expect(page.heard()).toEqual(['b']);
});

test('messages_without_a_position_pass_through', async () => {
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  at.server.tell('chat', { roomid: ROOM, data: { type: 'csrmsg', msg: 'hello' } });
  at.server.tell('chat', { roomid: 'elsewhere', data: { pos: 7, msg: 'pushed' } });
  await page.settled();
  expect([page.heard(), page.heard('elsewhere')]).toEqual([['hello'], ['pushed']]);
});

test('many_rooms_are_kept_apart', async () => {
  const page = at.open();
  for (const roomid of ['r1', 'r2', 'r3']) await page.chat.join({ roomid });
  await away(page, () => {
    at.server.says('r1', 'a1', 'a2');
    at.server.says('r3', 'c1');
  });
  await page.chat.send('r2', 'b1');
  await page.settled();
  expect(['r1', 'r2', 'r3'].map((roomid) => page.heard(roomid))).toEqual([['a1', 'a2'], ['b1'], ['c1']]);
});

/** Cuts the page's connection, does something while it is away, and lets it come back. */
async function away(page: ReturnType<typeof at.open>, meanwhile: () => void): Promise<void> {
  const { length } = page.sessions;
  page.world.held = true;
  at.server.cut();
  await until(() => !page.chat.connected);
  meanwhile();
  page.world.held = false;
  page.world.end(isRetryWait);
  await until(() => page.sessions.length > length);
}

test('what_is_taken_back_is_told_now_and_after_the_cable_was_cut_once', async () => {
  at.server.says(ROOM, 'a', 'b', 'c');
  const page = at.open();
  await page.chat.join({ roomid: ROOM });
  const told: number[] = [];
  page.chat.on('recall', ({ roomid, pos }) => roomid === ROOM && told.push(pos));
  at.server.takesBack(ROOM, 0);
  await page.settled();
  expect(told).toEqual([0]);
  at.server.cut();
  at.server.takesBack(ROOM, 1);
  await until(() => told.length === 2);
  await page.settled();
  at.server.cut();
  await until(() => page.sessions.length === 3);
  await page.settled();
  expect(told).toEqual([0, 1]);
});
