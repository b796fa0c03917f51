// Tells of new visitors and messages outside of the page: a notification and a sound, once for all tabs, and none for what somebody looks at.
import { createSignal } from 'solid-js';
import { uuid } from '../../../sdk/src/uuid';
import { keep, kept } from '../../../start/src/kept';
import type { Desk, Heard } from '../desk/desk';
import { t } from '../text/say';
import type { Shown } from '../view/shown';
import { isFirst, LOOK_MS, rings, Rung, type Look } from './ring';
import { chime } from './sound';

const SOUND_KEPT_AS = 'nodechat.console.sound';
const LATER_KEPT_AS = 'nodechat.console.notify-later';

type Word = { tab: string; look: Look } | { tab: string; rung: string } | { tab: string; gone: true };

export class Bell {
  readonly sound = createSignal(kept(SOUND_KEPT_AS) !== 'off');
  readonly mayAsk = createSignal('Notification' in window && Notification.permission === 'default' && kept(LATER_KEPT_AS) === null);
  private tab = uuid();
  private looks = new Map<string, Look>();
  private rung = new Rung();
  private notices = new Map<string, Notification>();
  private channel: BroadcastChannel;
  private holdsBell = false;
  private closing = new AbortController();
  private timer: number;
  private look = (): void => this.tellLook();
  private leave = (): void => this.tell({ tab: this.tab, gone: true });
  /** Another tab has switched it: any of them may be the one that rings. */
  private switched = ({ key, newValue }: StorageEvent): void => void (key === SOUND_KEPT_AS && this.sound[1](newValue !== 'off'));

  constructor(
    desk: Desk,
    private shown: Shown,
  ) {
    const name = `nodechat.console.${desk.session.companyid}.${desk.session.aid}`;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if ('rung' in data) this.rung.add(data.rung);
      else if ('gone' in data) this.looks.delete(data.tab);
      else this.met(data.tab, data.look);
    };
    // The tab that holds the lock is the one that rings; the browser hands it on when that tab goes.
    if (navigator.locks) this.waitForBell(`${name}.bell`, this.closing.signal);
    window.addEventListener('pagehide', this.leave);
    window.addEventListener('storage', this.switched);
    for (const event of ['focus', 'blur', 'popstate', 'click', 'keyup']) window.addEventListener(event, this.look);
    this.timer = window.setInterval(this.look, LOOK_MS / 3);
    this.tellLook();
    desk.onHeard((heard) => this.heard(heard));
  }

  close(): void {
    this.closing.abort();
    this.leave();
    window.removeEventListener('pagehide', this.leave);
    window.removeEventListener('storage', this.switched);
    this.channel.close();
    window.clearInterval(this.timer);
    for (const event of ['focus', 'blur', 'popstate', 'click', 'keyup']) window.removeEventListener(event, this.look);
    for (const notice of this.notices.values()) notice.close();
  }

  setSound(on: boolean): void {
    keep(SOUND_KEPT_AS, on ? null : 'off');
    this.sound[1](on);
    if (on) chime();
  }

  async ask(): Promise<void> {
    this.mayAsk[1](false);
    await Notification.requestPermission();
  }

  later(): void {
    keep(LATER_KEPT_AS, 'yes');
    this.mayAsk[1](false);
  }

  private waitForBell(name: string, signal: AbortSignal): void {
    const hold = (): Promise<void> => {
      this.holdsBell = true;
      return new Promise((done) => signal.addEventListener('abort', () => done()));
    };
    // Refused only when this one is closed while another tab holds it.
    navigator.locks.request(name, { signal }, hold).catch(() => {});
  }

  /** Over plain http browsers lend no locks: there it is the first of the tabs that have been heard of. */
  private mayRing(): boolean {
    return navigator.locks ? this.holdsBell : isFirst(this.tab, this.looks, Date.now());
  }

  private heard(heard: Heard): void {
    if (!this.mayRing() || !this.rung.add(heard.key)) return;
    this.tell({ tab: this.tab, rung: heard.key });
    this.looks.set(this.tab, this.now());
    if (!rings(heard.roomid, this.looks.values(), Date.now())) return;
    if (this.sound[0]()) chime();
    this.notify(heard);
  }

  private notify({ kind, roomid, who, text }: Heard): void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    // One window of ours in front is enough to see it in the list.
    if ([...this.looks.values()].some(({ focused, at }) => focused && Date.now() - at < LOOK_MS)) return;
    const title = kind === 'assign' ? t('notify_assign', { who }) : kind === 'transfer' ? t('notify_transfer', { who }) : who;
    const notice = noticeOf(title, { body: text, tag: roomid, icon: '/start/icon.svg' });
    if (!notice) return;
    notice.onclick = () => {
      window.focus();
      this.shown.open(roomid);
      notice.close();
    };
    this.notices.set(roomid, notice);
  }

  /** Another tab says where it looks; one that is new here is told the same of this one. */
  private met(tab: string, look: Look): void {
    const isNew = !this.looks.has(tab);
    this.looked(tab, look);
    if (isNew) this.tellLook();
  }

  private looked(tab: string, look: Look): void {
    this.looks.set(tab, look);
    if (!look.focused) return;
    this.notices.get(look.roomid)?.close();
    this.notices.delete(look.roomid);
  }

  private tellLook(): void {
    const look = this.now();
    this.looked(this.tab, look);
    this.tell({ tab: this.tab, look });
  }

  private tell(word: Word): void {
    this.channel.postMessage(word);
  }

  private now(): Look {
    return { focused: document.hasFocus(), roomid: this.shown.roomid(), at: Date.now() };
  }
}

/** Nothing where the browser has notifications by name only: Chrome on Android leaves them to service workers, and throws. */
function noticeOf(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch {
    return undefined;
  }
}
