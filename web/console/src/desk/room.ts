// One room that is known to this page: what was said, what is on its way, who has read, who types, who is there.
import type { Message, Nodechat, ReadEvent, RecallEvent, Room as Joined } from 'nodechat';
import { batch, createSignal, type Signal } from 'solid-js';
import { uuid } from '../../../sdk/src/uuid';
import { asRefusal, type Refusal } from '../refusal';
import type { Kept, Unsent } from './kept';
import type { Upload, Uploads } from './uploads';
import type { Note } from './wire';
import { Writing } from './writing';

export interface Pending extends Unsent {
  state: 'sending' | 'failed' | 'uploading';
  refusal?: Refusal;
  upload?: Uploading;
}

export interface Uploading extends Upload {
  /** Address of the picture in this browser, for images. */
  url?: string;
  /** How far, from 0 to 1. */
  done: number;
}

export type Entering = 'join' | 'watch';

/** How far back a message is looked for of which only the id is known. */
const REACHED_PAGE = 100;
const REACHED_PAGES = 50;
/** From a message this far before what is here, what lies between is not fetched. */
const APART = 300;
const PAGE = 50;
const TYPING_MS = 5_000;

export class Room {
  readonly state = createSignal<'loading' | 'ready' | 'refused'>('loading');
  readonly refusal = createSignal<Refusal>();
  /** What was said, without a gap up to the end. */
  readonly messages = createSignal<Message[]>([]);
  /** A part of the past that is looked at, as long as it is not joined to `messages`. */
  readonly past = createSignal<Message[]>();
  readonly notes = createSignal<Note[]>([]);
  readonly pending = createSignal<Pending[]>([]);
  readonly reads = createSignal({ user: -1, cs: -1 });
  readonly typing = createSignal<{ text: string } | undefined>();
  /** Undefined as long as nobody has said. */
  readonly online = createSignal<boolean | undefined>();
  readonly fetching = createSignal(false);
  /** Position of the first message that was unread when the room was opened. */
  readonly newFrom = createSignal<number>();
  readonly writing: Writing;
  entered: Entering | undefined;
  private typingEnds = 0;
  private joining: Promise<void> | undefined;
  private paging: Promise<boolean> | undefined;

  constructor(
    readonly roomid: string,
    private nodechat: Nodechat,
    private kept: Kept,
    private uploads: Uploads,
  ) {
    this.writing = new Writing(roomid, kept);
    this.pending[1](kept.unsent().filter((message) => message.roomid === roomid).map((message) => ({ ...message, state: 'sending' })));
  }

  /** Enters, once; a room that is only watched may still be entered for good. */
  enter(how: Entering): Promise<void> {
    if (this.entered === 'join' || (this.entered === how && this.joining)) return this.joining ?? Promise.resolve();
    this.entered = how;
    this.joining = this.load(how);
    return this.joining;
  }

  /** Again after a refusal or, for a watched room, after a broken connection. */
  enterAgain(): Promise<void> {
    const how = this.entered ?? 'join';
    this.entered = undefined;
    return this.enter(how);
  }

  /** Draws the room anew: it was entered, or what was missed cannot be handed over message by message. */
  reset(joined: Joined): void {
    batch(() => {
      this.messages[1](joined.chat_msgs.filter(({ pos }) => pos !== undefined));
      this.reads[1](joined.reads);
      this.state[1]('ready');
    });
  }

  heard(message: Message): void {
    const all = this.messages[0]();
    const end = all.at(-1)?.pos ?? -1;
    if (message.pos === undefined) return;
    if (message.pos > end) this.messages[1]([...all, message]);
    else this.replace(message.pos, message);
    this.settle(message.id);
    if (message.type === 'usermsg') this.typing[1](undefined);
  }

  recalled({ pos }: RecallEvent): void {
    const message = [...(this.past[0]() ?? []), ...this.messages[0]()].find((other) => other.pos === pos);
    if (message) this.replace(pos, { ...message, mtype: 'recalled', msg: null });
  }

  read({ type, pos }: ReadEvent): void {
    if (pos === undefined) return;
    this.reads[1]((reads) => ({ ...reads, [type]: Math.max(reads[type], pos) }));
  }

  noted(note: Note): void {
    this.notes[1]((notes) => [...notes.filter(({ number }) => number !== note.number), note].sort((one, other) => one.number - other.number));
  }

  typed(text: string | undefined): void {
    this.typing[1]({ text: text ?? '' });
    window.clearTimeout(this.typingEnds);
    this.typingEnds = window.setTimeout(() => this.typing[1](undefined), TYPING_MS);
  }

  present({ type, online }: { type: string; online: boolean }): void {
    if (type === 'user') this.online[1](online);
  }

  /** What the log shows. */
  seen(): Message[] {
    return this.past[0]() ?? this.messages[0]();
  }

  /** The past is looked at no more. */
  toEnd(): void {
    this.past[1](undefined);
  }

  /** The page of history before what is seen; false when there is none. */
  earlier(count = PAGE): Promise<boolean> {
    this.paging ??= this.fetchingPage(() => this.pageBefore(count)).finally(() => (this.paging = undefined));
    return this.paging;
  }

  /** The page behind the part of the past that is looked at, which is joined to the end when it has come so far. */
  later(): Promise<boolean> {
    this.paging ??= this.fetchingPage(() => this.pageBehind()).finally(() => (this.paging = undefined));
    return this.paging;
  }

  /** Makes the past seen up to this message, or, where its position is known and far back, around it; false where it is not there, or too far back. */
  async reach(id: string, pos?: number): Promise<boolean> {
    const isIn = (messages: Message[]): boolean => messages.some((message) => message.id === id);
    // A page that is on its way would come in between.
    await this.paging?.catch(() => false);
    if (isIn(this.seen())) return true;
    if (pos !== undefined) {
      this.toEnd();
      if ((this.messages[0]()[0]?.pos ?? 0) - pos > APART) {
        const around = await this.nodechat.history(this.roomid, Math.max(0, pos - REACHED_PAGE / 2), REACHED_PAGE);
        if (isIn(around)) this.past[1](around);
        return isIn(around);
      }
    }
    for (let pages = 0; !isIn(this.seen()) && pages < REACHED_PAGES; pages += 1) {
      if (!(await this.earlier(REACHED_PAGE))) break;
    }
    return isIn(this.seen());
  }

  private async fetchingPage(page: () => Promise<boolean>): Promise<boolean> {
    this.fetching[1](true);
    try {
      return await page();
    } finally {
      this.fetching[1](false);
    }
  }

  private async pageBefore(count: number): Promise<boolean> {
    const [list, setList] = (this.past[0]() ? this.past : this.messages) as Signal<Message[]>;
    const first = list()[0]?.pos ?? 0;
    if (first <= 0) return false;
    const start = Math.max(0, first - count);
    const page = await this.nodechat.history(this.roomid, start, first - start);
    const now = list();
    // Unless the room was drawn anew meanwhile, or the past is looked at no more.
    if (now?.[0]?.pos === first) setList([...page.filter(({ pos }) => (pos ?? 0) < first), ...now]);
    return page.length > 0;
  }

  private async pageBehind(): Promise<boolean> {
    const start = (this.past[0]()?.at(-1)?.pos ?? -1) + 1;
    const page = await this.nodechat.history(this.roomid, start, PAGE);
    const before = this.past[0]();
    if (!before || before.at(-1)?.pos !== start - 1) return false;
    const end = this.messages[0]();
    const joint = end[0]?.pos ?? Infinity;
    const wider = [...before, ...page.filter(({ pos = -1 }) => pos >= start)].filter(({ pos = -1 }) => pos < joint);
    batch(() => {
      const isJoined = (wider.at(-1)?.pos ?? -1) + 1 === joint;
      if (isJoined) this.messages[1]([...wider, ...end]);
      this.past[1](isJoined ? undefined : wider);
    });
    return page.length > 0;
  }

  /** Says something; what becomes of it stands in `pending` until it is in `messages`. */
  say(message: Omit<Unsent, 'id' | 'roomid' | 'time'>): void {
    this.toEnd();
    const unsent: Unsent = { ...message, id: uuid(), roomid: this.roomid, time: Date.now() };
    this.pending[1]((all) => [...all, { ...unsent, state: 'sending' }]);
    this.send(unsent);
  }

  again(id: string): void {
    const pending = this.pending[0]().find((other) => other.id === id);
    if (!pending) return;
    const { state: _, refusal: __, upload, ...unsent } = pending;
    if (upload && unsent.msg === '') return this.uploads.begin(upload);
    this.change(id, { state: 'sending' });
    this.send(unsent);
  }

  /** Forgets what could not be sent, or stops its upload. */
  discard(id: string): void {
    this.uploads.cancel(id);
    this.settle(id);
  }

  /** Uploads a file and says it; shown at once. */
  upload(file: File, type: Upload['type']): void {
    this.toEnd();
    this.uploads.begin({ id: uuid(), roomid: this.roomid, type, time: Date.now(), file });
  }

  /** A file begins its way up, or begins it again. */
  uploading(upload: Upload): void {
    const { id, roomid, type, time, file } = upload;
    if (this.knows(id)) return this.change(id, { state: 'uploading' });
    const url = type === 'image' ? URL.createObjectURL(file) : undefined;
    this.pending[1]((all) => [...all, { id, roomid, type, time, msg: '', state: 'uploading', upload: { ...upload, done: 0, ...(url && { url }) } }]);
  }

  uploadedPart(id: string, done: number): void {
    this.pending[1]((all) => all.map((other) => (other.id === id && other.upload ? { ...other, upload: { ...other.upload, done } } : other)));
  }

  /** It is there, and is said like anything else. */
  uploaded({ id, type, time }: Upload, msg: unknown): void {
    this.uploadedPart(id, 1);
    this.change(id, { state: 'sending', msg });
    this.send({ id, roomid: this.roomid, type, msg, time });
  }

  fail(id: string, refusal: Refusal): void {
    // Refused for good: it stays on the screen, but is not said by itself after a reload.
    if (refusal.errcode !== 3100 && refusal.errcode !== 3101) this.kept.drop(id);
    this.change(id, { state: 'failed', refusal });
  }

  /** Whether it is on its way here, or was said. */
  knows(id: string): boolean {
    return [...this.pending[0](), ...this.messages[0]()].some((other) => other.id === id);
  }

  async loadNotes(): Promise<void> {
    const from = (this.notes[0]().at(-1)?.number ?? -1) + 1;
    const { notes } = (await this.nodechat.request('notes', { roomid: this.roomid, from, limit: 500 })) as { notes: Note[] };
    for (const note of notes) this.noted(note);
  }

  private async load(how: Entering): Promise<void> {
    try {
      const joined = how === 'join' ? await this.nodechat.join({ roomid: this.roomid }) : ((await this.nodechat.request('mgr', { type: 'watch', roomid: this.roomid })).data as Joined);
      this.reset(joined);
      this.refusal[1](undefined);
      await this.loadNotes();
      if (how === 'join') for (const unsent of this.kept.unsent()) if (unsent.roomid === this.roomid) this.send(unsent);
    } catch (thrown) {
      this.joining = undefined;
      this.entered = undefined;
      this.refusal[1](asRefusal(thrown));
      if (this.state[0]() === 'loading') this.state[1]('refused');
    }
  }

  private send(unsent: Unsent): void {
    this.kept.add(unsent);
    const { id, roomid, type, msg, quote } = unsent;
    this.nodechat.send(roomid, msg, { id, type, ...(quote && { quote }) }).then(
      // The message itself comes as an event, before its receipt.
      () => this.settle(id),
      (thrown: unknown) => this.fail(id, asRefusal(thrown)),
    );
  }

  private settle(id: string): void {
    this.kept.drop(id);
    const left = this.pending[0]().find((other) => other.id === id);
    if (!left) return;
    if (left.upload?.url) URL.revokeObjectURL(left.upload.url);
    this.pending[1]((all) => all.filter((other) => other.id !== id));
  }

  private change(id: string, to: Partial<Pending>): void {
    this.pending[1]((all) => all.map((other) => (other.id === id ? { ...other, ...to } : other)));
  }

  private replace(pos: number, message: Message): void {
    const changed = (all: Message[]): Message[] => all.map((other) => (other.pos === pos ? message : other));
    this.messages[1](changed);
    this.past[1]((all) => all && changed(all));
  }
}
