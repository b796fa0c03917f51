// Promises of the ledger and the small pure parts around it.
import { expect, test } from 'vitest';
import { Codes, isTemporary } from '../src/codes.js';
import { Ledger } from '../src/ledger.js';
import { readAddress } from '../src/options.js';
import type { Message } from '../src/types.js';
import { uuid } from '../src/uuid.js';
import { backOff, type World } from '../src/world.js';
import { chance } from './support/chance.js';

const message = (pos: number): Message => ({ pos, time: pos }) as Message;
const positions = (messages: Message[]): number[] => messages.map(({ pos }) => pos!);

test('whatever_the_order_of_arrival_each_position_is_handed_over_once_in_order', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = chance(seed);
    const arrivals = Array.from({ length: 40 }, (_, i) => Math.floor(i * (0.5 + random() * 0.5)));
    const all = [...Array.from({ length: 40 }, (_, pos) => pos), ...arrivals].sort(() => random() - 0.5);
    const ledger = new Ledger();
    ledger.startAt(5);
    const handed: Message[] = [];
    for (const pos of all) {
      ledger.keep([message(pos)]);
      handed.push(...ledger.run());
    }
    expect(positions(handed)).toEqual(Array.from({ length: 35 }, (_, i) => i + 5));
    expect(ledger.hole()).toBe(-1);
  }
});

test('nothing_is_handed_over_before_the_room_has_answered', () => {
  const ledger = new Ledger();
  ledger.keep([message(3), message(4)]);
  expect(ledger.run()).toEqual([]);
  ledger.startAt(4);
  expect(positions(ledger.run())).toEqual([4]);
});

test('a_run_stops_at_the_hole_and_at_its_end', () => {
  const ledger = new Ledger();
  ledger.startAt(0);
  ledger.keep([0, 1, 2, 5].map(message));
  expect(positions(ledger.run(2))).toEqual([0, 1]);
  expect(positions(ledger.run())).toEqual([2]);
  expect([ledger.next, ledger.hole(), ledger.lastTime]).toEqual([3, 5, 2]);
});

test.each([
  ['http://localhost:3100/', '', 'http://localhost:3100', '/socket.io', '/onlinechat/api/'],
  ['http://localhost:3100', undefined, 'http://localhost:3100', '/socket.io', '/onlinechat/api/'],
  ['https://shop.example/im/', '', 'https://shop.example', '/im/socket.io', '/im/onlinechat/api/'],
  ['https://shop.example', 'im', 'https://shop.example', '/im/socket.io', '/im/onlinechat/api/'],
  ['https://shop.example/', '/im/', 'https://shop.example', '/im/socket.io', '/im/onlinechat/api/'],
  ['wss://shop.example', '', 'https://shop.example', '/socket.io', '/onlinechat/api/'],
])('server %s with path %s is found', (server, path, origin, socketPath, api) => {
  expect(readAddress(server, path)).toEqual({ origin, socketPath, api: origin + api });
});

test('a_server_without_a_scheme_takes_the_pages_own', () => {
  const before = globalThis.location;
  globalThis.location = { protocol: 'https:', origin: 'https://page.example' } as Location;
  try {
    const found = ['', '//a.example', 'a.example:3100/', 'localhost:3100'].map((server) => readAddress(server).origin);
    expect(found).toEqual([
      'https://page.example',
      'https://a.example',
      'https://a.example:3100',
      'https://localhost:3100',
    ]);
  } finally {
    globalThis.location = before;
  }
});

test('ids_are_uuids_that_grow_with_time', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, uuid);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const times = ids.map((id) => parseInt(id.replace('-', '').slice(0, 12), 16));
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
});

test('the_back_off_doubles_has_a_ceiling_and_never_comes_before_retry_after', () => {
  const world = (random: number): World => ({ after: () => () => {}, random: () => random });
  const waits = [1, 2, 3, 4, 5, 6, 60].map((attempt) => backOff(world(1), attempt));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(backOff(world(0), 3)).toBe(1_000);
  expect(backOff(world(0), 1, 3_000)).toBe(3_000);
  expect(backOff(world(1), 1, 3_000)).toBe(3_500);
});

test('what_heals_by_itself_is_known', () => {
  expect(Object.values(Codes).filter(isTemporary)).toEqual([4029, 5003, 6379]);
});
