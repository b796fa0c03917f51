// The desk of one agent: the connection, the lists, the rooms that are known, and what an agent does with them.
import { Nodechat, type ChatEvent, type GapEvent, type ReadEvent, type RecallEvent } from 'nodechat';
import { batch, createSignal } from 'solid-js';
import { uuid } from '../../../sdk/src/uuid';
import { asRefusal, inWords } from '../refusal';
import type { Session } from '../session/session';
import { t } from '../text/say';
import { Ends } from './ends';
import { Kept } from './kept';
import { Lists } from './lists';
import { Looking, type LookingEvent } from './looking';
import { Office } from './office';
import { RoomOrders } from './orders';
import { Room } from './room';
import { Uploads } from './uploads';
import type { AssignEvent, Note, Row, ServiceEvent, Status } from './wire';

export interface Offer {
  chatid: string;
  roomid: string;
  from: string;
  msg: string;
  /** When it goes back, by this page's clock. */
  until: number;
}

export type Line = 'connecting' | 'up' | 'down';

/** What the desk tells those who ring and show. */
export interface Heard {
  kind: 'message' | 'assign' | 'transfer';
  key: string;
  roomid: string;
  who: string;
  text: string;
}

export class Desk extends Office {
  readonly nodechat: Nodechat;
  readonly kept: Kept;
  readonly lists: Lists;
  readonly ends: Ends;
  readonly orders: RoomOrders;
  readonly uploads: Uploads;
  readonly line = createSignal<Line>('connecting');
  readonly caughtUp = createSignal<number>();
  readonly status = createSignal<Status>();
  readonly looking: Looking;
  readonly offers = createSignal<Offer[]>([]);
  /** The rooms that are known to this page, by id. */
  private readonly rooms = new Map<string, Room>();
  private readonly roomCount = createSignal(0);
  private readonly listeners = new Set<(heard: Heard) => void>();
  private catching = false;
  private caught = 0;

  /** How many consultations this agent has, and how many it may have. */
  readonly load = (): number => this.lists.mine[0]().filter(({ status, offered }) => status === 'serving' && !offered).length;
  readonly mySeats = (): number | undefined => this.directory.cap(this.session.aid);

  constructor(session: Session, ended: () => void) {
    super(session, ended);
    this.kept = new Kept(session.aid);
    this.orders = new RoomOrders(this.rest);
    this.nodechat = new Nodechat({
      atype: matchMedia('(max-width: 767px)').matches ? 'cwap' : 'cweb',
      ticket: session.ticket,
      connect: (err) => (err ? this.refused(err.errcode) : this.up()),
    });
    this.looking = new Looking(this.nodechat, () => this.line[0]() === 'up');
    this.lists = new Lists(this.nodechat, (mine) => this.sync(mine));
    this.uploads = new Uploads(this.nodechat, `${session.companyid}/${session.aid}`, (roomid) => this.room(roomid), () => this.line[0]() === 'up');
    this.ends = new Ends((roomid, chatid) => this.endNow(roomid, chatid));
    this.nodechat
      .on('disconnect', () => {
        this.line[1]('down');
        this.catching = true;
      })
      .on('chat', (event) => this.heard(event))
      .on('recall', (event: RecallEvent) => this.rooms.get(event.roomid)?.recalled(event))
      .on('mkread', (event: ReadEvent) => this.read(event))
      .on('gap', ({ roomid, data }: GapEvent) => this.rooms.get(roomid)?.reset(data))
      .on('note', ({ roomid, data }: { roomid: string; data: Note }) => this.rooms.get(roomid)?.noted(data))
      .on('typing', (event: { roomid: string; type: string; text?: string }) => event.type === 'user' && this.rooms.get(event.roomid)?.typed(event.text))
      .on('presence', (event: { roomid: string; type: string; online: boolean }) => this.rooms.get(event.roomid)?.present(event))
      .on('looking', (event: LookingEvent) => this.looking.heard(event))
      .on('assign', (event: AssignEvent) => this.given(event))
      .on('service', (event: ServiceEvent) => this.served(event));
    void this.directory.load();
  }

  override close(): void {
    super.close();
    this.looking.at('');
    this.ends.close();
    this.uploads.close();
    this.nodechat.close();
  }

  /** What this agent is called now. */
  nick(): string {
    return this.directory.colleagues[0]().find(({ aid }) => aid === this.session.aid)?.nick ?? this.session.nick;
  }

  onHeard(listener: (heard: Heard) => void): void {
    this.listeners.add(listener);
  }

  /** The room, entered if it was not yet: for good where it is ours, unseen by a supervisor elsewhere. */
  open(roomid: string, row: Row | undefined): Room {
    const ours = !row || row.csid === this.session.aid || row.offered;
    const room = this.room(roomid);
    void room.enter(ours || !this.may('supervisor') || row?.status !== 'serving' ? 'join' : 'watch');
    return room;
  }

  /** The room if it is known; asking is noticed by what is drawn. */
  known(roomid: string): Room | undefined {
    this.roomCount[0]();
    return this.rooms.get(roomid);
  }

  /** The address of an uploaded picture: with the ticket, for some companies show theirs only to those who have one. */
  async pictureUrl(path: string): Promise<string> {
    return `${await this.nodechat.imageUrl(path)}?${this.byTicket}`;
  }

  fileUrl(fileid: string): string {
    return `${this.nodechat.fileUrl(fileid)}&${this.byTicket}`;
  }

  /** Marks what is there as read, where one serves. */
  async markRead(roomid: string): Promise<void> {
    const room = this.rooms.get(roomid);
    const end = room?.messages[0]().at(-1)?.pos ?? -1;
    if (!room || !this.isMine(roomid) || room.entered !== 'join' || room.reads[0]().cs >= end) return;
    room.read({ roomid, type: 'cs', pos: end, time: 0 });
    this.lists.seen(roomid);
    // Marked again when the next message comes, or when the room is opened.
    await this.nodechat.markRead(roomid, end).catch(() => {});
  }

  /** Unread messages: as the list has it, or as this page knows better. */
  unread(row: Row): number {
    const room = this.known(row.roomid);
    const messages = room?.state[0]() === 'ready' ? room.messages[0]() : [];
    const read = room?.reads[0]().cs ?? -1;
    if (messages.length === 0 || (messages[0]?.pos ?? 0) > read + 1) return row.c;
    return messages.filter(({ pos = -1, type }) => pos > read && type === 'usermsg').length;
  }

  isMine(roomid: string): boolean {
    return this.lists.mine[0]().some((row) => row.roomid === roomid);
  }

  async setStatus(status: Status): Promise<void> {
    const before = this.status[0]();
    this.status[1](status);
    await this.doing(
      () => this.nodechat.request('mgr', { type: 'setStatus', status }),
      () => this.status[1](before),
    );
  }

  /** Takes somebody from the queue; tells whether it was us. */
  async take(row: Row): Promise<boolean> {
    if (!row.chatid) return false;
    try {
      await this.nodechat.request('mgr', { type: 'serveChat', roomid: row.roomid, chatid: row.chatid });
      await this.lists.refresh();
      return true;
    } catch (thrown) {
      await this.lists.refresh();
      if (asRefusal(thrown).errcode === 4009) this.toasts.say(await this.whoTook(row));
      else this.toasts.say(inWords(thrown));
      return false;
    }
  }

  takeOver(row: Row): Promise<boolean> {
    return this.doing(async () => {
      await this.nodechat.request('mgr', { type: 'takeOver', roomid: row.roomid, chatid: row.chatid });
      await this.room(row.roomid).enter('join');
      await this.lists.refresh();
    });
  }

  /** Offers it to a colleague, or gives it to whoever of a group is free first. */
  async transfer(row: Row, to: { tocsid: string } | { togroupid: string }, note: string): Promise<boolean> {
    try {
      await this.nodechat.request('mgr', { type: 'transfer', roomid: row.roomid, ...to, msg: note });
    } catch (thrown) {
      this.toasts.say(asRefusal(thrown).errcode === 4009 ? t('transfer_full') : inWords(thrown));
      return false;
    }
    this.toasts.say('tocsid' in to ? t('transfer_sent', { who: this.directory.nick(to.tocsid) }) : t('transfer_sent_group', { who: row.topic, group: this.directory.group(to.togroupid) ?? '' }));
    await this.lists.refresh();
    return true;
  }

  answerOffer(row: Row, accept: boolean): Promise<boolean> {
    return this.doing(async () => {
      await this.nodechat.request('mgr', { type: accept ? 'acceptTransfer' : 'rejectTransfer', roomid: row.roomid, chatid: row.chatid });
      this.dropOffer(row.chatid);
      await this.lists.refresh();
    });
  }

  /** Ends it when the ten seconds are over in which it can be undone. */
  end(row: Row): void {
    if (!row.chatid) return;
    this.ends.add(row.roomid, row.chatid);
    this.toasts.say(t('ended_with', { who: row.topic }), { deed: { label: 'undo', run: () => this.ends.undo(row.roomid) }, ms: 10_000, over: () => this.ends.now(row.roomid) });
  }

  async note(roomid: string, msg: string): Promise<boolean> {
    return this.doing(async () => {
      const room = this.room(roomid);
      await room.enter('join');
      const id = uuid();
      const { number, time } = await this.nodechat.request('note', { roomid, msg, id });
      room.toEnd();
      room.noted({ number, id, time, msg, aid: this.session.aid, nick: this.nick() });
    });
  }

  async recall(roomid: string, id: string): Promise<boolean> {
    return this.doing(() => this.nodechat.request('recall', { roomid, id }));
  }

  private get byTicket(): string {
    return `ticket=${encodeURIComponent(this.session.ticket)}`;
  }

  private room(roomid: string): Room {
    let room = this.rooms.get(roomid);
    if (!room) {
      room = new Room(roomid, this.nodechat, this.kept, this.uploads);
      this.rooms.set(roomid, room);
      this.roomCount[1]((n) => n + 1);
    }
    return room;
  }

  /** Every room of ours is entered, so that its news comes. */
  private sync(mine: Row[]): void {
    for (const { roomid } of mine) void this.room(roomid).enter('join');
    // What waited to be said elsewhere when the page was closed.
    for (const { roomid } of this.kept.unsent()) void this.room(roomid).enter('join');
    const offered = new Set(mine.filter((row) => row.offered).map((row) => row.chatid));
    this.offers[1]((all) => all.filter(({ chatid }) => offered.has(chatid)));
  }

  private up(): void {
    const again = this.line[0]() === 'down';
    this.line[1]('up');
    void this.lists.refresh();
    void this.statuses();
    this.uploads.resume();
    this.looking.anew();
    if (!again) return;
    for (const room of this.rooms.values()) {
      if (room.entered === 'watch') void room.enterAgain();
      else if (room.entered) void room.loadNotes().catch(() => {});
    }
    window.setTimeout(() => {
      this.catching = false;
      this.caughtUp[1](this.caught);
      this.caught = 0;
      window.setTimeout(() => this.caughtUp[1](undefined), 3_000);
    }, 700);
  }

  private refused(errcode: number): void {
    if (errcode === Nodechat.Codes.NOT_ALLOWED) this.ended();
    else this.line[1]('down');
  }

  private async statuses(): Promise<void> {
    const { allCs } = (await this.nodechat.request('mgr', { type: 'allStatus' }).catch(() => ({ allCs: {} }))) as { allCs: Record<string, 0 | 1 | 2> };
    batch(() => {
      this.directory.statuses[1](allCs);
      const mine = allCs[this.session.aid];
      if (mine !== undefined) this.status[1](letter(mine));
    });
  }

  private heard({ roomid, data }: ChatEvent): void {
    const room = this.rooms.get(roomid);
    if (!room) return;
    if (this.catching) this.caught += 1;
    // First in the list, so that whoever marks it as read at once marks this one, too.
    this.lists.heard(roomid, data);
    room.heard(data);
    if (data.type !== 'usermsg' || !this.isMine(roomid)) return;
    this.tell({ kind: 'message', key: data.id, roomid, who: data.nick, text: textOf(data) });
  }

  private read(event: ReadEvent): void {
    this.rooms.get(event.roomid)?.read(event);
    if (event.type === 'cs') this.lists.seen(event.roomid);
  }

  private given(event: AssignEvent): void {
    void this.room(event.roomid).enter('join');
    void this.lists.refresh();
    if (event.type === 'transfer') {
      const seconds = Number(this.directory.setting('transfer_limit_seconds') ?? 60);
      const offer = { chatid: event.chatid, roomid: event.roomid, from: event.from ?? '', msg: event.msg ?? '', until: Date.now() + seconds * 1000 };
      this.offers[1]((all) => [...all.filter(({ chatid }) => chatid !== event.chatid), offer]);
    }
    this.tell({ kind: event.type, key: `${event.type} ${event.chatid}`, roomid: event.roomid, who: event.topic, text: event.msg ?? '' });
  }

  private served(event: ServiceEvent): void {
    const { type, chatid } = event;
    if (type === 'status' && event.csid && event.status !== undefined) {
      const { csid, status } = event;
      this.directory.statuses[1]((all) => ({ ...all, [csid]: status }));
      if (csid === this.session.aid) this.status[1](letter(status));
      return;
    }
    if (type === 'queue') this.lists.waitingCount[1](event.waiting ?? 0);
    if (type === 'rejected' || type === 'ended' || type === 'transferred') this.dropOffer(chatid);
    const who = this.lists.topic(event.roomid ?? '');
    if (type === 'rejected' && event.csid !== this.session.aid) void this.directory.name(event.csid ?? '').then((colleague) => this.toasts.say(t('transfer_came_back', { who, colleague })));
    if (type === 'transferred' && event.cs && event.cs.aid !== this.session.aid) this.toasts.say(t('transfer_taken', { who, colleague: event.cs.nick }));
    if (type === 'lost') this.toasts.say(t('lost', { who }));
    if (type === 'rated') this.toasts.say(t('rated', { who }));
    if (type === 'ended' && event.by === 'user') this.toasts.say(t('visitor_ended', { who }));
    void this.lists.refresh();
  }

  private dropOffer(chatid: string | undefined): void {
    this.offers[1]((all) => all.filter((offer) => offer.chatid !== chatid));
  }

  private async endNow(roomid: string, chatid: string): Promise<void> {
    await this.doing(() => this.nodechat.request('mgr', { type: 'endChat', roomid, chatid }));
    await this.lists.refresh();
  }

  private async whoTook(row: Row): Promise<string> {
    const { rooms } = (await this.nodechat.request('list', { type: 'rooms', view: 'all', search: row.userid }).catch(() => ({ rooms: [] }))) as { rooms: Row[] };
    const now = rooms.find(({ roomid }) => roomid === row.roomid);
    if (now?.status === 'serving' && now.csid) return t('taken_by', { agent: await this.directory.name(now.csid) });
    return now?.status === 'closed' ? t('taken_gone') : t('taken_full');
  }

  private tell(heard: Heard): void {
    for (const listener of this.listeners) listener(heard);
  }
}

export function letter(number: 0 | 1 | 2): Status {
  return number === 0 ? 'O' : number === 1 ? 'B' : 'F';
}

/** A message in one line: for rows and notifications. */
export function textOf({ mtype, msg }: { mtype: string; msg: unknown }): string {
  if (mtype === 'text') return String(msg ?? '').replace(/\s+/g, ' ').slice(0, 200);
  if (mtype === 'image') return t('preview_image');
  if (mtype === 'voice') return t('preview_voice');
  if (mtype === 'video') return t('preview_video');
  if (mtype === 'recalled') return t('recalled');
  if (mtype === 'file') return t('preview_file', { name: String((Object(msg) as { filename?: string }).filename ?? '') });
  return t('preview_card');
}
