// What the page says, kept until the server has it on disk: one lane for each room, the head of a lane first.
import { settle } from './calls.js';
import { isTemporary } from './codes.js';
import type { Connection } from './connection.js';
import type { NodechatError } from './errors.js';
import type { Callback, Outgoing, Receipt } from './types.js';
import { uuid } from './uuid.js';
import { backOff, type World } from './world.js';

interface Entry {
  payload: Outgoing;
  answer: Callback;
  attempts: number;
}

/** One message of a lane is under way at a time: were two, a refusal of the first would let the second overtake it. */
interface Lane {
  entries: Entry[];
  busy: boolean;
}

export interface OutboxEvents {
  /** False while the room is still being entered, so that the server would refuse. */
  mayTalk(roomid: string): boolean;
  /** The server has stored a message of ours at `pos`. */
  stored(roomid: string, pos: number): void;
  /** Nothing waits for this room any more. */
  drained(roomid: string): void;
}

export class Outbox {
  private lanes = new Map<string, Lane>();

  constructor(
    private connection: Connection,
    private world: World,
    private events: OutboxEvents,
  ) {}

  /** Keeps a copy, so that what is sent again is what was said, whatever the page does with its object. */
  add(said: object, answer: Callback): void {
    const payload = JSON.parse(JSON.stringify({ id: uuid(), ...said })) as Outgoing;
    let lane = this.lanes.get(payload.roomid);
    if (!lane) this.lanes.set(payload.roomid, (lane = { entries: [], busy: false }));
    lane.entries.push({ payload, answer, attempts: 0 });
    this.pump(payload.roomid);
  }

  pending(roomid?: string): Outgoing[] {
    const payloads: Outgoing[] = [];
    this.lanes.forEach((lane, id) => {
      if (roomid === undefined || id === roomid) payloads.push(...lane.entries.map((entry) => ({ ...entry.payload })));
    });
    return payloads;
  }

  has(roomid: string): boolean {
    return this.lanes.has(roomid);
  }

  pumpAll(): void {
    for (const roomid of [...this.lanes.keys()]) this.pump(roomid);
  }

  /** Sends the head of a lane if it can go now. */
  pump(roomid: string): void {
    const lane = this.lanes.get(roomid);
    if (!lane || lane.busy || !this.connection.open || !this.events.mayTalk(roomid)) return;
    const entry = lane.entries[0]!;
    lane.busy = true;
    entry.attempts++;
    this.connection.ask('chat', entry.payload, (outcome) => {
      // Unanswered, so perhaps stored, perhaps not. The same id makes it one message either way.
      if (outcome === 'cut' || outcome === 'late') return this.next(roomid, lane);
      settle(outcome, (err, datas) => {
        if (err && isTemporary(err.errcode)) this.rest(roomid, lane, entry, err.retry_after);
        else this.done(roomid, lane, err, datas);
      });
    });
  }

  failAll(err: NodechatError): void {
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    for (const lane of lanes) for (const entry of lane.entries) entry.answer(err);
  }

  private rest(roomid: string, lane: Lane, entry: Entry, retryAfter = 0): void {
    this.world.after(backOff(this.world, entry.attempts, retryAfter), () => this.next(roomid, lane));
  }

  private done(roomid: string, lane: Lane, err: NodechatError | null, datas?: Receipt): void {
    if (this.lanes.get(roomid) !== lane) return;
    const entry = lane.entries.shift()!;
    if (!lane.entries.length) this.lanes.delete(roomid);
    entry.answer(err, datas);
    if (!err && typeof datas?.pos === 'number') this.events.stored(roomid, datas.pos);
    if (!this.lanes.has(roomid)) this.events.drained(roomid);
    this.next(roomid, lane);
  }

  private next(roomid: string, lane: Lane): void {
    lane.busy = false;
    this.pump(roomid);
  }
}
