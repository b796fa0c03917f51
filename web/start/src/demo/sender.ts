// Sends what one writes: shown at once, uploaded where needed, kept until the server has it.
import { ApiError, upload, type Transfer } from './api';
import type { History, Item } from './history';
import { Outbox } from './outbox';
import { isAboutFile, notSent, refusedBeforehand } from './reason';
import type { Account, Receipt, Refusal, Side } from './wire';

export interface SenderEvents {
  say(id: string, type: string, msg: string, answer: (err: Refusal | null, receipt: Receipt) => void): void;
  ticket(): string;
  me(): Account | null;
  /** Something new of our own stands at the end. */
  sent(): void;
  changed(): void;
  progress(item: Item): void;
}

export class Sender {
  private readonly outbox = new Outbox();
  private readonly transfers = new Map<string, Transfer>();
  /** Uploads that the network broke, to be tried again when it is back. */
  private readonly broken = new Set<string>();

  constructor(
    private readonly side: Side,
    private readonly history: History,
    private readonly events: SenderEvents,
  ) {}

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
    if (!refusal) this.transfer(item);
  }

  resend(item: Item): void {
    const file = item.upload?.file;
    if (!file || item.msg !== '') return this.dispatch({ ...item, state: 'sending' });
    item.state = 'uploading';
    this.events.changed();
    this.transfer(item);
  }

  cancel(item: Item): void {
    this.transfers.get(item.id)?.cancel();
    this.remove(item);
  }

  remove(item: Item): void {
    this.transfers.delete(item.id);
    this.broken.delete(item.id);
    this.outbox.remove(item.id);
    this.history.remove(item.id);
    this.events.changed();
  }

  /** A message of ours came back from the server: it is there. */
  arrived(id: string): void {
    this.outbox.remove(id);
  }

  backOnline(): void {
    for (const id of [...this.broken]) {
      const item = this.history.get(id);
      this.broken.delete(id);
      if (item) this.transfer(item);
    }
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

  private transfer(item: Item): void {
    const { upload: source } = item;
    if (!source) return;
    const kind = item.mtype === 'image' ? 'image' : 'file';
    const transfer = upload(kind, source.file, this.events.ticket(), {
      progress: (sentBytes) => {
        source.sentBytes = sentBytes;
        this.events.progress(item);
      },
      sent: (msg) => {
        this.transfers.delete(item.id);
        this.dispatch({ ...item, msg, time: Date.now(), state: 'sending' });
      },
      failed: (error) => {
        this.transfers.delete(item.id);
        const network = error instanceof ApiError && error.status === 0;
        if (network) this.broken.add(item.id);
        else this.fail({ ...item, ...(isAboutFile(error) ? { hopeless: true } : {}) }, notSent(error, source.file));
      },
    });
    this.transfers.set(item.id, transfer);
  }

  private fail(item: Item, words: string): void {
    this.outbox.remove(item.id);
    this.history.put({ ...item, state: 'failed', reason: words });
    this.events.changed();
  }

  private blank(mtype: string): Item {
    const me = this.events.me();
    return { id: newId(), pos: null, side: this.side, aid: me?.aid ?? '', nick: me?.nick ?? '', time: Date.now(), mtype, msg: '', state: 'sending' };
  }
}

/** The size of a picture and a local address for it, known before it is shown, so that nothing jumps. */
async function measured(file: File): Promise<{ url: string; width: number; height: number } | null> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(url);
    return null; // not a picture after all
  }
}

/** A uuid also where `crypto.randomUUID` is missing: on plain http beyond localhost. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
