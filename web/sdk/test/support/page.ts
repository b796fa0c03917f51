// A page as the tests see it: what it was told, in order, with time in the test's hands.
import { Nodechat } from '../../src/nodechat.js';
import type { NodechatError } from '../../src/errors.js';
import type { ChatEvent, GapEvent, NodechatOptions, Session } from '../../src/types.js';
import type { World } from '../../src/world.js';
import type { FakeServer } from './fake-server.js';

interface Timer {
  ms: number;
  then: () => void;
}

/** Timers that wait for an answer are held; those that wait to try again run at once, unless `held` is set. */
export class TestWorld implements World {
  held = false;
  /** Every wait that was asked for, in milliseconds. */
  readonly waits: number[] = [];
  private timers = new Set<Timer>();

  after(ms: number, then: () => void): () => void {
    const timer = { ms, then };
    this.timers.add(timer);
    this.waits.push(ms);
    if (!this.held && ms < ANSWER_MS) setImmediate(() => this.fire(timer));
    return () => this.timers.delete(timer);
  }

  random(): number {
    return 0;
  }

  /** The waits that are still running. */
  running(wanted: (ms: number) => boolean): number[] {
    return [...this.timers].map(({ ms }) => ms).filter(wanted);
  }

  /** Ends all running waits of that kind. */
  end(wanted: (ms: number) => boolean): void {
    for (const timer of [...this.timers]) if (wanted(timer.ms)) this.fire(timer);
  }

  private fire(timer: Timer): void {
    if (this.timers.delete(timer)) timer.then();
  }
}

export const ANSWER_MS = 20_000;
export const isAnswerWait = (ms: number): boolean => ms === ANSWER_MS;
export const isRetryWait = (ms: number): boolean => ms < ANSWER_MS;

export interface Page {
  chat: Nodechat;
  world: TestWorld;
  /** Texts of the `chat` events by room. */
  heard(roomid?: string): string[];
  events: ChatEvent[];
  gaps: GapEvent[];
  sessions: Session[];
  refusals: NodechatError[];
  reconnects: number[];
  errors: Error[];
  /** When the session is there. */
  ready(): Promise<void>;
  /** When everything that the server said so far has been dealt with. */
  settled(): Promise<void>;
}

export const ROOM = '/U2S_u1#c1';

export function openPage(
  server: Pick<FakeServer, 'url'>,
  options: Partial<NodechatOptions> & { ignoresGaps?: boolean } = {},
): Page {
  const world = new TestWorld();
  const events: ChatEvent[] = [];
  const gaps: GapEvent[] = [];
  const sessions: Session[] = [];
  const refusals: NodechatError[] = [];
  const reconnects: number[] = [];
  const errors: Error[] = [];
  const { connect, ignoresGaps, ...rest } = options;
  const chat = new Nodechat({
    server: server.url,
    atype: 'uweb',
    ticket: 'good',
    transports: ['websocket'],
    connect(err, datas) {
      if (err) refusals.push(err);
      else sessions.push(datas!);
      connect?.(err, datas);
    },
    reconnect: (attempt) => reconnects.push(attempt),
    error: (err) => errors.push(err),
    ...rest,
    world,
  } as NodechatOptions);
  chat.on('chat', (event) => events.push(event));
  if (!ignoresGaps) chat.on('gap', (gap) => gaps.push(gap));
  const page: Page = {
    chat,
    world,
    events,
    gaps,
    sessions,
    refusals,
    reconnects,
    errors,
    heard: (roomid = ROOM) => events.filter((event) => event.roomid === roomid).map(({ data }) => data.msg),
    ready: () => until(() => chat.connected),
    async settled() {
      // More than once: what came before the first answer may have made the page ask for more.
      for (let i = 0; i < 3; i++) await chat.request('fence', {});
    },
  };
  return page;
}

/** Waits for a condition, with a deadline. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${condition}`);
    await new Promise((turn) => setImmediate(turn));
  }
}

export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i));
