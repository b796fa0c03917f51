// Sends what one writes: shown at once, uploaded where needed, kept until the server has it.
import { uuid } from '../../../sdk/src/uuid';
import { measured } from '../../../ui/measured';
import { Transfers } from '../../../ui/transfers';
import type { History, Item } from './history';
import { Outbox } from './outbox';
import { isAboutFile, notSent, refusedBeforehand } from './reason';
import type { Account, Receipt, Refusal, Side } from './wire';

export interface SenderEvents {
  say(id: string, type: string, msg: string, answer: (err: Refusal | null, receipt: Receipt) => void): void;
  upload: Nodechat['upload'];
  online(): boolean;
  me(): Account | null;
  /** Something new of our own stands at the end. */
  sent(): void;
  changed(): void;
  progress(item: Item): void;
}

export class Sender {
  private readonly outbox = new Outbox();
  private readonly transfers: Transfers<Item>;

  constructor(
    private readonly side: Side,
    private readonly history: History,
    private readonly events: SenderEvents,
  ) {
    this.transfers = new Transfers({
      upload: (item, options) => events.upload(this.fileOf(item), { kind: item.mtype === 'image' ? 'image' : 'file', ...options }),
      progress: (item, part) => {
        if (!item.upload) return;
        item.upload.sentBytes = part * item.upload.file.size;
        events.progress(item);
      },
      done: (item, msg) => this.dispatch({ ...item, msg: typeof msg === 'string' ? msg : JSON.stringify(msg), time: Date.now(), state: 'sending' }),
      refused: (item, err) => this.fail({ ...item, ...(isAboutFile(err) ? { hopeless: true } : {}) }, notSent(err, this.fileOf(item))),
      online: events.online,
    });
  }

  /** The room is known: what was not sent before the last reload goes now. */
  open(name: string): void {
    for (const { id, mtype, msg, time } of this.outbox.open(name)) {
      if (this.history.get(id)) this.outbox.remove(id);
      else this.dispatch({ ...this.blank(mtype), id, msg, time });
    }
  }

  text(content: string): void {
    this.dispatch({ ...this.blank('text'), msg: content });
    this.events.sent();
  }

  async file(kind: 'image' | 'file', file: File): Promise<void> {
    const item: Item = { ...this.blank(kind), msg: '', state: 'uploading' };
    let refusal = refusedBeforehand(kind, file);
    item.upload = { file, url: null, width: 4, height: 3, sentBytes: 0 };
    if (kind === 'image' && !refusal) {
      const picture = await measured(file);
      if (picture) Object.assign(item.upload, picture);
      else refusal = notSent({ errcode: 5401, errmsg: '' });
    }
    if (refusal) Object.assign(item, { mtype: 'file', state: 'failed', reason: refusal, hopeless: true });
    this.history.put(item);
    this.events.changed();
    this.events.sent();
    if (!refusal) this.transfers.start(item);
  }

  resend(item: Item): void {
    const file = item.upload?.file;
    if (!file || item.msg !== '') return this.dispatch({ ...item, state: 'sending' });
    item.state = 'uploading';
    this.events.changed();
    this.transfers.start(item);
  }

  cancel(item: Item): void {
    this.remove(item);
  }

  remove(item: Item): void {
    this.transfers.cancel(item.id);
    this.outbox.remove(item.id);
    this.history.remove(item.id);
    this.events.changed();
  }

  /** A message of ours came back from the server: it is there. */
  arrived(id: string): void {
    this.outbox.remove(id);
  }

  backOnline(): void {
    this.transfers.resume();
  }

  private dispatch(item: Item): void {
    const msg = String(item.msg);
    this.history.put(item);
    this.outbox.add({ id: item.id, mtype: item.mtype, msg, time: item.time });
    this.events.changed();
    this.events.say(item.id, item.mtype, msg, (err, receipt) => {
      const present = this.history.get(item.id) ?? item;
      if (err) return this.fail(present, notSent(err));
      this.outbox.remove(item.id);
      this.history.put({ ...present, pos: receipt.pos ?? present.pos, time: receipt.time ?? present.time, state: 'sent' });
      this.events.changed();
    });
  }

  private fileOf({ upload }: Item): File {
    if (!upload) throw new Error('nothing to upload');
    return upload.file;
  }

  private fail(item: Item, words: string): void {
    this.outbox.remove(item.id);
    this.history.put({ ...item, state: 'failed', reason: words });
    this.events.changed();
  }

  private blank(mtype: string): Item {
    const me = this.events.me();
    return { id: uuid(), pos: null, side: this.side, aid: me?.aid ?? '', nick: me?.nick ?? '', time: Date.now(), mtype, msg: '', state: 'sending' };
  }
}
