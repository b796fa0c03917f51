// An upload is told of once: how far it has come, that it is there, or why not; the network only makes it begin again.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Transfers } from '../../ui/transfers';

interface Job {
  id: string;
}
interface Sent {
  signal: AbortSignal;
  onProgress(loaded: number, total: number): void;
  arrives(msg: unknown): void;
  fails(errcode: number): void;
}

function stage({ online = false } = {}) {
  const told: string[] = [];
  const sent: Sent[] = [];
  const transfers = new Transfers<Job>({
    upload: (_, options) => new Promise((resolve, reject) => sent.push({ ...options, arrives: (msg) => resolve({ msg }), fails: (errcode) => reject({ errcode, errmsg: '' }) })),
    progress: ({ id }, part) => told.push(`${id} ${part}`),
    done: ({ id }, msg) => told.push(`${id} is there as ${msg}`),
    refused: ({ id }, { errcode }) => told.push(`${id} is refused with ${errcode}`),
    online: () => online,
  });
  return { told, sent, transfers };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('says how far it has come and what it is called there', async () => {
  const { told, sent, transfers } = stage();
  transfers.start({ id: 'a' });
  sent[0]!.onProgress(1, 4);
  sent[0]!.arrives('path');
  await settled();
  expect(told).toEqual(['a 0.25', 'a is there as path']);
  expect(transfers.has('a')).toBe(false);
});

it('a refusal is told and nothing is tried again', async () => {
  const { told, sent, transfers } = stage({ online: true });
  transfers.start({ id: 'a' });
  sent[0]!.fails(5402);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual(['a is refused with 5402']);
  expect(sent).toHaveLength(1);
});

it('what the network broke begins again when it is back, and not before', async () => {
  const { told, sent, transfers } = stage();
  transfers.start({ id: 'a' });
  sent[0]!.fails(3101);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([told, sent.length, transfers.has('a')]).toEqual([[], 1, true]);
  transfers.resume();
  sent[1]!.arrives('path');
  await settled();
  expect(told).toEqual(['a is there as path']);
});

it('where only uploads are broken, it is tried again after a moment', async () => {
  const { sent, transfers } = stage({ online: true });
  transfers.start({ id: 'a' });
  sent[0]!.fails(3101);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent).toHaveLength(2);
});

it('of what is cancelled nothing is told any more, however it ends', async () => {
  const { told, sent, transfers } = stage();
  for (const id of ['a', 'b', 'c']) transfers.start({ id });
  for (const id of ['a', 'b', 'c']) transfers.cancel(id);
  expect(sent[0]!.signal.aborted).toBe(true);
  sent[0]!.arrives('path');
  sent[1]!.fails(5400);
  sent[2]!.fails(3101);
  await settled();
  transfers.resume();
  expect([told, sent.length]).toEqual([[], 3]);
});

it('a page that closes stops them all, and nothing is told of them any more', async () => {
  const { told, sent, transfers } = stage();
  for (const id of ['a', 'b']) transfers.start({ id });
  sent[1]!.fails(3101);
  await settled();
  transfers.close();
  expect(sent[0]!.signal.aborted).toBe(true);
  sent[0]!.arrives('path');
  await settled();
  transfers.resume();
  expect([told, sent.length]).toEqual([[], 2]);
});
