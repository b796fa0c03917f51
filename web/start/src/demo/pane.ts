// One side of a conversation on a page: what was said, writing, sending, reading, and the state of the connection.
import { el, one } from '../dom';
import { onLanguage, t } from '../text/language';
import type { Key } from '../text/texts';
import { Banner } from '../view/banner';
import { Composer } from '../view/composer';
import { Log } from '../view/log';
import { notice, skeleton } from '../view/notice';
import { view } from '../view/viewer';
import { ApiError, isAbsent, type Ticket } from './api';
import type { Cable } from './cable';
import { Chat } from './chat';
import { tellParent } from './frame';
import { History } from './history';
import { Sender } from './sender';
import { reason } from './reason';
import { rows } from './rows';
import type { Account, Refusal, Room, Side } from './wire';

export interface PaneOptions {
  side: Side;
  ticket(): Promise<Ticket>;
  where: { shopid: string; shopname: string } | { roomid: string };
  /** What stands above the first message. */
  beginning(): HTMLElement;
  /** Something changed that the header may want to show. */
  changed(pane: Pane): void;
}

export type Connection = 'connecting' | 'online' | 'offline';

/** How long the demo's cable stays out. */
const CUT_MS = 12_000;

export class Pane {
  room: Room | null = null;
  me: Account | null = null;
  connection: Connection = 'connecting';
  inside = true;
  readonly history = new History();
  private readonly log: Log;
  private readonly composer: Composer;
  private readonly banner: Banner;
  private readonly sender: Sender;
  private chat: Chat | null = null;
  private ticket = '';
  private newFrom: number | null = null;
  private shown = true;
  private unseen = 0;
  private caughtUp: number | null = null;
  private loadingEarlier = false;
  private earlierFailed = false;
  private renewed = false;
  private stopped = false;
  /** Under the last message: what is wrong, and how to go on. */
  private trouble: HTMLElement | null = null;
  private plugTimer: number | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly options: PaneOptions,
  ) {
    this.banner = new Banner(one('.banner', root), () => this.plug());
    this.composer = new Composer(one('.composer', root), options.side === 'user' ? 'panel' : 'desk', {
      text: (content) => this.sender.text(content),
      files: (kind, files) => files.forEach((file) => void this.sender.file(kind, file)),
    });
    this.log = new Log(one('.scr', root), one('.jumps', root), {
      ticket: () => this.ticket,
      open: (_, image) => view(image, [...root.querySelectorAll<HTMLImageElement>('.pic:not(.is-broken) > img')]),
      cancel: (item) => this.sender.cancel(item),
      resend: (item) => this.sender.resend(item),
      remove: (item) => this.sender.remove(item),
      earlier: () => this.earlier(),
      atEnd: () => this.sawEnd(),
    });
    this.sender = new Sender(options.side, this.history, {
      say: (id, type, msg, answer) => this.chat?.say(id, type, msg, answer),
      upload: async (...args) => {
        if (!this.chat) throw new Error('nobody can be sent to yet');
        return this.chat.upload(...args);
      },
      online: () => this.connection === 'online',
      me: () => this.me,
      sent: () => this.log.toEnd(),
      changed: () => this.draw(),
      progress: (item) => this.log.progress(item),
    });
    document.addEventListener('visibilitychange', () => this.sawEnd());
    onLanguage(() => this.draw());
    this.composer.show(false);
    void this.start();
  }

  /** Told by the start page: whether this side is the one that can be seen. */
  setShown(shown: boolean): void {
    this.shown = shown;
    this.sawEnd();
  }

  leave(): void {
    this.chat?.leave(() => {
      this.inside = false;
      this.newFrom = null;
      this.composer.show(false);
      this.draw();
    });
  }

  comeBack(): void {
    this.chat?.join();
  }

  /** Pulls the cable for a while, so that one can see what happens. */
  cut(): void {
    cable().pull();
    this.banner.retryAt(Date.now() + CUT_MS);
    window.clearTimeout(this.plugTimer);
    this.plugTimer = window.setTimeout(() => this.plug(), CUT_MS);
  }

  close(): void {
    this.stopped = true;
    this.chat?.close();
  }

  private plug(): void {
    window.clearTimeout(this.plugTimer);
    cable().plug();
  }

  private async start(): Promise<void> {
    const bones = skeleton(t('loading'));
    this.place(bones);
    try {
      const { ticket, data } = await this.options.ticket();
      if (this.stopped) return;
      this.ticket = ticket;
      this.me = { ...data, type: this.options.side };
      this.connect(ticket);
    } catch (error) {
      this.notStarted(error);
    }
  }

  private connect(ticket: string): void {
    if (this.chat) return this.chat.renew(ticket);
    const { side, where } = this.options;
    this.chat = new Chat({
      atype: side === 'user' ? 'uweb' : 'cweb',
      ticket,
      where,
      connected: (me) => {
        this.me = me;
        this.renewed = false;
      },
      refused: () => this.refused(),
      entered: (room) => this.entered(room),
      notEntered: (err) => this.notEntered(err),
      lost: () => {
        this.setConnection('offline');
        this.caughtUp = 0;
        this.banner.lost();
      },
      message: (message) => {
        const fresh = this.history.take([message]).filter((item) => item.side !== side).length;
        if (this.caughtUp !== null) this.caughtUp += fresh;
        this.sender.arrived(message.id);
        this.draw(fresh);
      },
      read: ({ type, pos, time }) => {
        if (this.history.markRead(type, pos ?? this.history.positionAt(time))) this.draw();
      },
      gap: (room) => {
        this.history.startAfresh();
        this.take(room);
        this.draw();
      },
    });
  }

  private entered(room: Room): void {
    const first = this.room === null;
    this.inside = true;
    this.trouble = null;
    const fresh = this.take(room);
    if (first) {
      const read = this.history.reads[this.options.side];
      this.newFrom = this.history.lastFromOther(this.options.side) > read && read >= 0 ? read + 1 : null;
      this.composer.keepDraftFor(`${this.options.side}.${room.roomid}`);
      this.sender.open(`${this.options.side}.${room.roomid}`);
    }
    this.place(null);
    this.composer.show(true);
    this.setConnection('online');
    if (this.caughtUp !== null) this.banner.restored(this.caughtUp + fresh);
    this.caughtUp = null;
    this.sender.backOnline();
    this.draw(first ? 0 : fresh);
    tellParent({ say: 'room', side: this.options.side, roomid: room.roomid });
  }

  /** Takes over the newest messages and the read marks; answers how many of the other side were not known here. */
  private take(room: Room): number {
    this.room = room;
    const fresh = this.history.take(room.chat_msgs.filter((message) => message.pos !== undefined));
    if (room.reads) {
      this.history.markRead('user', room.reads.user);
      this.history.markRead('cs', room.reads.cs);
    }
    return fresh.filter((item) => item.side !== this.options.side).length;
  }

  private earlier(): void {
    if (this.loadingEarlier || this.connection !== 'online') return;
    this.loadingEarlier = true;
    this.draw();
    this.chat?.earlier((err, messages) => {
      this.loadingEarlier = false;
      this.earlierFailed = err !== null;
      this.history.take(messages);
      this.draw();
    });
  }

  /** The end of the log is on the screen: what the other side said has been seen. */
  private sawEnd(): void {
    const { side } = this.options;
    if (!this.inside || !this.shown || document.hidden || !this.log?.isAtEnd()) return;
    this.tellUnseen(0);
    const last = this.history.lastFromOther(side);
    if (last <= this.history.reads[side] || this.connection !== 'online') return;
    this.history.markRead(side, last);
    this.chat?.markRead();
  }

  private draw(fresh = 0): void {
    const { side } = this.options;
    if (this.stopped) return;
    if (this.room) {
      const items = this.history.all();
      this.log.draw(
        {
          rows: rows(items, { side, reads: this.history.reads, newFrom: this.newFrom, online: this.connection === 'online' }),
          hasEarlier: this.chat?.hasEarlier() ?? false,
          loadingEarlier: this.loadingEarlier,
          earlierFailed: this.earlierFailed,
          beginning: this.options.beginning(),
          closing: this.trouble ?? (this.inside ? null : this.leftLine()),
        },
        fresh,
      );
      if (fresh > 0 && !this.shown) this.tellUnseen(this.unseen + fresh);
    }
    this.options.changed(this);
  }

  private tellUnseen(n: number): void {
    if (n === this.unseen) return;
    this.unseen = n;
    tellParent({ say: 'unseen', side: this.options.side, n });
  }

  private leftLine(): HTMLElement {
    const back = el('button', { class: 'btn', type: 'button' }, t('come_back'));
    back.addEventListener('click', () => this.comeBack());
    return el('div', { class: 'left' }, el('p', { class: 'sys' }, t('left')), back);
  }

  private setConnection(next: Connection): void {
    this.connection = next;
    this.draw();
  }

  /** The ticket is not accepted: once we get a new one ourselves, then the person decides. */
  private refused(): void {
    if (!this.renewed) {
      this.renewed = true;
      void this.start();
    } else this.say('refused_title', 'refused_text');
  }

  private notEntered(err: Refusal): void {
    if (this.room === null) this.say('failed_title', null, reason(err));
  }

  private notStarted(error: unknown): void {
    const off = error instanceof ApiError && (isAbsent(error) || error.errcode === 4004);
    if (off) {
      tellParent({ say: 'off', side: this.options.side });
      const detail = el('code', { class: 'line' }, 'nodechat serve --demo');
      this.place(notice({ icon: 'chat', title: t('demo_off_title'), text: t('demo_off_text'), detail }));
    } else if (error instanceof ApiError && error.errcode === 4003) this.say('refused_title', 'refused_text');
    else if (error instanceof ApiError && error.errcode !== 0) this.say('failed_title', null, reason(error));
    else this.say('failed_title', 'failed_text');
  }

  private say(title: Key, text: Key | null, words = ''): void {
    const button = { words: t('try_again'), act: () => void this.start() };
    const element = notice({ icon: 'alert', title: t(title), text: text ? t(text) : words, button });
    this.connection = 'offline';
    this.composer.show(false);
    if (this.room) this.trouble = element;
    this.place(element);
    this.draw();
  }

  /** Puts something in place of the log, or the log back. */
  private place(element: HTMLElement | null): void {
    const scroller = one('.scr', this.root);
    scroller.querySelector('.skeleton, .notice')?.remove();
    scroller.classList.toggle('has-notice', element !== null && this.room === null);
    if (element && this.room === null) scroller.append(element);
  }
}

function cable(): Cable {
  return (window as unknown as { cable: Cable }).cable;
}
