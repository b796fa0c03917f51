// Fetches the messages of a room that are missing between what was handed over and what is there.
import { Codes, isTemporary } from './codes.js';
import type { Call } from './calls.js';
import type { Ledger } from './ledger.js';
import type { Message } from './types.js';
import { backOff, type World } from './world.js';

/** More than this is not handed over message by message. */
export const MOST_MESSAGES = 5_000;
const PAGE_MESSAGES = 100;

export interface CatchUp {
  world: World;
  ledger: Ledger;
  roomid: string;
  /** The first position that is not wanted. */
  end: number;
  call(call: Call): void;
  /** False once the session in which this began is over. */
  alive(): boolean;
  hand(messages: Message[]): void;
  /** `cut` when the session ended on the way, `hopeless` when there is too much or it cannot be had. */
  done(result: 'complete' | 'hopeless' | 'cut'): void;
}

export function catchUp(task: CatchUp, attempt = 1): void {
  const { world, ledger, roomid, end } = task;
  const start = ledger.next;
  if (!task.alive()) return task.done('cut');
  if (start >= end) return task.done('complete');
  if (end - start > MOST_MESSAGES) return task.done('hopeless');
  task.call({
    event: 'user',
    payload: { type: 'viewchat', roomid, start, limit: Math.min(end - start, PAGE_MESSAGES) },
    repeatable: false,
    answer(err, datas) {
      if (!task.alive()) return task.done('cut');
      if (err) {
        if (!canRetry(err.errcode)) return task.done('hopeless');
        world.after(backOff(world, attempt, err.retry_after), () => catchUp(task, attempt + 1));
        return;
      }
      ledger.keep(datas.chat_msgs);
      task.hand(ledger.run(end));
      if (ledger.next === start) task.done('hopeless');
      else catchUp(task);
    },
  });
}

/** True when the service may answer the same question later. */
export function canRetry(errcode: number): boolean {
  return isTemporary(errcode) || errcode === Codes.ASYNC_CALL_FAILED;
}
