// What is on the screen beside what is so: the open room, the list's view, open drawers and dialogs.
import { createEffect, createSignal, on } from 'solid-js';
import type { Desk } from '../desk/desk';
import { waitsSince } from '../log/rows';
import { part, type Parted } from '../desk/order';
import type { Row, View } from '../desk/wire';
import { goTo, place } from '../place';
import { asRefusal, inWords } from '../refusal';
import { t } from '../text/say';

export class Shown {
  readonly view = createSignal<View>('mine');
  readonly card = createSignal(false);
  readonly transfer = createSignal(false);
  readonly sheet = createSignal(false);
  readonly statusMenu = createSignal(false);
  /** Set to focus the search, the composer, the file chooser, the last message; counted, so that asking again is noticed. */
  readonly focusSearch = createSignal(0);
  readonly focusComposer = createSignal(0);
  readonly chooseFile = createSignal(0);
  readonly selectMessage = createSignal(0);
  readonly mode = createSignal<'reply' | 'note'>('reply');
  /** Id of the message that the next one answers. */
  readonly quote = createSignal<string>();

  /** A message to be shown in its room, however far back it is. */
  readonly sought = createSignal<{ roomid: string; id: string; pos: number }>();

  /** A text for the box, put there by something else than the keyboard. */
  readonly written = createSignal<string>('');

  constructor(private desk: Desk) {
    // Not for what the list itself reads meanwhile, or it would ask for ever.
    createEffect(on(this.view[0], (view) => desk.lists.show(view)));
    let before = '';
    createEffect(() => {
      const { room } = place();
      if (room === before) return;
      before = room;
      this.mode[1]('reply');
      this.quote[1](undefined);
      this.transfer[1](false);
    });
  }

  /** One of the four lists; a search is over with it. */
  show(view: View): void {
    void this.desk.lists.find('');
    this.view[1](view);
  }

  roomid(): string {
    return place().section === 'chats' ? place().room : '';
  }

  row(): Row | undefined {
    return this.desk.lists.row(this.roomid());
  }

  open(roomid: string): void {
    goTo({ section: 'chats', room: roomid });
    if (roomid && matchMedia('(pointer: fine)').matches) this.focusComposer[1]((n) => n + 1);
  }

  /** One's own rooms in their two parts; those that are about to end are not among them. */
  parted(): Parted {
    const ending = this.desk.ends.rooms[0]();
    const mine = this.desk.lists.mine[0]().filter(({ roomid }) => !ending.has(roomid));
    return part(mine.map((row) => ({ row, waitsSince: this.waitsSince(row) })));
  }

  waitsSince(row: Row): number | undefined {
    const room = this.desk.known(row.roomid);
    if (room?.state[0]() === 'ready') return waitsSince(room.messages[0](), this.desk.session.companyid);
    return row.c > 0 ? row.lsttime : undefined;
  }

  async takeNext(): Promise<void> {
    const next = this.desk.lists.waiting[0]()[0];
    if (next) await this.take(next);
  }

  async take(row: Row): Promise<void> {
    if (!(await this.desk.take(row))) return;
    this.show('mine');
    this.open(row.roomid);
  }

  /** Ends the open one and goes on to the next. */
  end(row: Row): void {
    const order = this.order();
    const at = order.indexOf(row.roomid);
    this.desk.end(row);
    if (this.roomid() === row.roomid) this.open(order[at + 1] ?? order[at - 1] ?? '');
  }

  /** Takes the last end back; false when there is none. */
  undo(): boolean {
    return this.desk.toasts.undo();
  }

  /** Makes a work order of what was said in the room; opens the one that there is of this consultation. */
  async makeOrder(row: Row): Promise<void> {
    const open = (id: string): void => goTo({ section: 'orders', page: id });
    try {
      const made = await this.desk.orders.make(row);
      if (!made) return;
      const { order, fresh } = made;
      if (!fresh) open(order.id);
      else this.desk.toasts.say(t('order_made', { title: order.title }), { deed: { label: 'order_open', run: () => open(order.id) }, ms: 10_000 });
    } catch (thrown) {
      this.desk.toasts.say(asRefusal(thrown).errcode === 4001 ? t('order_nothing_said') : inWords(thrown));
    }
  }

  /** True when this agent serves the room, so that it may end it or hand it over; a supervisor may for everybody. */
  serves(row: Row): boolean {
    if (row.status !== 'serving' || row.offered || this.desk.ends.rooms[0]().has(row.roomid)) return false;
    return row.csid === this.desk.session.aid || this.desk.may('supervisor');
  }

  /** Quotes the newest message, or the one before that which is quoted. */
  quoteBack(): void {
    const messages = (this.desk.known(this.roomid())?.messages[0]() ?? []).filter(({ mtype }) => mtype !== 'recalled');
    const at = messages.findIndex(({ id }) => id === this.quote[0]());
    const next = messages[(at < 0 ? messages.length : at) - 1];
    if (next) this.quote[1](next.id);
    this.focusComposer[1]((n) => n + 1);
  }

  /** Puts a text into the box of the open room. */
  write(text: string): void {
    this.mode[1]('reply');
    this.written[1](text);
    this.focusComposer[1]((n) => n + 1);
  }

  /** To the next room of what the list shows. */
  step(by: 1 | -1): void {
    const order = this.desk.lists.search[0]() ? this.desk.lists.found[0]().rows.map(({ roomid }) => roomid) : this.order();
    if (order.length === 0) return;
    const at = order.indexOf(this.roomid());
    this.open(order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))] ?? '');
  }

  nextToAnswer(): void {
    const waiting = this.parted().toAnswer.map(({ roomid }) => roomid);
    const at = waiting.indexOf(this.roomid());
    const next = waiting[(at + 1) % waiting.length];
    if (next) this.open(next);
  }

  private order(): string[] {
    const view = this.view[0]();
    if (view === 'mine') {
      const { toAnswer, theirs } = this.parted();
      return [...toAnswer, ...theirs].map(({ roomid }) => roomid);
    }
    const rows = view === 'waiting' ? this.desk.lists.waiting[0]() : this.desk.lists[view][0]().rows;
    return rows.map(({ roomid }) => roomid);
  }
}
