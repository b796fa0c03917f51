// The lists of rooms: mine, waiting, all, closed. What changes at the desk makes them be asked for again; what is said changes a row at once.
import type { Message, Nodechat } from 'nodechat';
import { createSignal } from 'solid-js';
import type { Row, View } from './wire';

const PAGE = 50;

export interface Paged {
  rows: Row[];
  next?: string;
  state: 'loading' | 'ready' | 'silent';
}

export class Lists {
  readonly mine = createSignal<Row[]>([]);
  readonly waiting = createSignal<Row[]>([]);
  readonly waitingCount = createSignal(0);
  readonly ready = createSignal(false);
  readonly all = createSignal<Paged>({ rows: [], state: 'loading' });
  readonly closed = createSignal<Paged>({ rows: [], state: 'loading' });
  readonly search = createSignal('');
  readonly found = createSignal<Paged>({ rows: [], state: 'loading' });
  private running: Promise<void> | undefined;
  private again = false;
  private shown: View = 'mine';

  constructor(
    private nodechat: Nodechat,
    private synced: (mine: Row[]) => void,
  ) {}

  /** Asks for what is shown and for one's own; however often it is called at once, it is asked at most once more. */
  refresh(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.ask().finally(() => {
      this.running = undefined;
      if (!this.again) return;
      this.again = false;
      void this.refresh();
    });
    return this.running;
  }

  /** Another view is shown from now on. */
  show(view: View): void {
    this.shown = view;
    if (view === 'all' || view === 'closed') void this.page(view, false);
  }

  more(view: 'all' | 'closed'): Promise<void> {
    return this.page(view, true);
  }

  async find(text: string): Promise<void> {
    this.search[1](text);
    if (!text) return;
    this.found[1](({ rows }) => ({ rows, state: 'loading' }));
    try {
      const { rooms, next } = await this.rooms({ view: 'all', search: text });
      if (this.search[0]() === text) this.found[1]({ rows: rooms, state: 'ready', ...(next && { next }) });
    } catch {
      this.found[1]({ rows: [], state: 'silent' });
    }
  }

  /** Somebody said something in the room. */
  heard(roomid: string, { type, time }: Message): void {
    const change = (row: Row): Row => (row.roomid === roomid ? { ...row, lsttime: Math.max(row.lsttime, time), c: type === 'usermsg' ? row.c + 1 : row.c } : row);
    this.mine[1]((rows) => rows.map(change));
  }

  /** All in the room is read. */
  seen(roomid: string): void {
    this.mine[1]((rows) => rows.map((row) => (row.roomid === roomid ? { ...row, c: 0 } : row)));
  }

  row(roomid: string): Row | undefined {
    for (const rows of [this.mine[0](), this.waiting[0](), this.all[0]().rows, this.found[0]().rows, this.closed[0]().rows]) {
      const row = rows.find((other) => other.roomid === roomid);
      if (row) return row;
    }
    return undefined;
  }

  topic(roomid: string): string {
    return this.row(roomid)?.topic ?? '';
  }

  /** The room as it stands, also when no list has it. */
  async look(roomid: string, userid: string): Promise<Row | undefined> {
    const { rooms } = await this.rooms({ view: 'all', search: userid });
    const row = rooms.find((other) => other.roomid === roomid);
    if (row && !this.row(roomid)) this.all[1]((all) => ({ ...all, rows: [...all.rows, row] }));
    return row;
  }

  private async ask(): Promise<void> {
    try {
      const [mine, waiting] = await Promise.all([this.nodechat.request('list', { type: 'selfUser' }) as Promise<{ rooms: Row[] }>, this.rooms({ view: 'waiting', limit: 200 })]);
      this.mine[1](mine.rooms.filter(({ status }) => status !== 'closed'));
      this.waiting[1](waiting.rooms);
      this.waitingCount[1](waiting.rooms.length);
      this.ready[1](true);
      this.synced(this.mine[0]());
      if (this.shown === 'all' || this.shown === 'closed') await this.page(this.shown, false);
    } catch {
      // The connection broke: when it is there again, everything is asked for again.
    }
  }

  private async page(view: 'all' | 'closed', behind: boolean): Promise<void> {
    const [list, setList] = this[view];
    const cursor = behind ? list().next : undefined;
    if (behind && !cursor) return;
    try {
      const { rooms, next } = await this.rooms({ view, limit: behind ? PAGE : Math.min(200, Math.max(PAGE, list().rows.length)), ...(cursor && { cursor }) });
      const known = new Set(rooms.map(({ roomid }) => roomid));
      const before = behind ? list().rows.filter(({ roomid }) => !known.has(roomid)) : [];
      setList({ rows: [...before, ...rooms], state: 'ready', ...(next && { next }) });
    } catch {
      setList((list) => ({ ...list, state: list.rows.length > 0 ? 'ready' : 'silent' }));
    }
  }

  private rooms(query: object): Promise<{ rooms: Row[]; next?: string }> {
    return this.nodechat.request('list', { type: 'rooms', limit: PAGE, ...query });
  }
}
