// What has been handed over of one room: each position once, in order. No input or output of its own.
import type { Message } from './types.js';

export class Ledger {
  /** The next wanted position, -1 as long as the room has not answered. */
  next = -1;
  /** Time of the newest message handed over. */
  lastTime = 0;
  /** Came before its turn. */
  private early = new Map<number, Message>();

  /** Keeps messages for their turn; those whose turn is over are forgotten. */
  keep(messages: Message[]): void {
    for (const message of messages) {
      if (message.pos! >= this.next) this.early.set(message.pos!, message);
    }
  }

  /** Takes out what can be handed over now: the run of messages that begins at `next` and stays below `end`. */
  run(end = Infinity): Message[] {
    const run: Message[] = [];
    let message: Message | undefined;
    while (this.next >= 0 && this.next < end && (message = this.early.get(this.next))) {
      this.early.delete(this.next++);
      run.push(message);
    }
    this.saw(run);
    return run;
  }

  /** All below `next` has been handed over in another way. */
  startAt(next: number): void {
    this.next = next;
    this.early.forEach((_, pos) => {
      if (pos < next) this.early.delete(pos);
    });
  }

  saw(messages: Message[]): void {
    for (const { time } of messages) this.lastTime = Math.max(this.lastTime, time);
  }

  /** End of the hole in front of what came early, or -1 when nothing waits. */
  hole(): number {
    return this.early.size ? Math.min(...Array.from(this.early.keys())) : -1;
  }

  /** What came early will come again in the answer to the next join. */
  forgetEarly(): void {
    this.early.clear();
  }
}
