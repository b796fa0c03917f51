// Tells of new visitors and messages outside of the page: a notification and a sound, once for all tabs, and none for what somebody looks at.
import { createSignal } from 'solid-js';
import { uuid } from '../../../sdk/src/uuid';
import { keep, kept } from '../../../start/src/kept';
import type { Desk, Heard } from '../desk/desk';
import { t } from '../text/say';
import type { Shown } from '../view/shown';
import { LOOK_MS, rings, Rung, type Look } from './ring';
import { chime } from './sound';

const SOUND_KEPT_AS = 'nodechat.console.sound';
const LATER_KEPT_AS = 'nodechat.console.notify-later';

type Word = { tab: string; look: Look } | { tab: string; rung: string };

export class Bell {
  readonly sound = createSignal(kept(SOUND_KEPT_AS) !== 'off');
  readonly mayAsk = createSignal('Notification' in window && Notification.permission === 'default' && kept(LATER_KEPT_AS) === null);
  private tab = uuid();
  private looks = new Map<string, Look>();
  private rung = new Rung();
  private notices = new Map<string, Notification>();
  private channel: BroadcastChannel;
  private rings = false;
  private closing = new AbortController();
  private timer: number;
  private look = (): void => this.tellLook();

  constructor(
    desk: Desk,
    private shown: Shown,
  ) {
    const name = `nodechat.console.${desk.session.companyid}.${desk.session.aid}`;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if ('look' in data) this.looked(data.tab, data.look);
      else this.rung.add(data.rung);
    };
    // The tab that holds the lock is the one that rings; the browser hands it on when that tab goes.
    if (navigator.locks) this.waitForBell(`${name}.bell`, this.closing.signal);
    else this.rings = true;
    for (const event of ['focus', 'blur', 'popstate', 'click', 'keyup']) window.addEventListener(event, this.look);
    this.timer = window.setInterval(this.look, LOOK_MS / 3);
    this.tellLook();
    desk.onHeard((heard) => this.heard(heard));
  }

  close(): void {
    this.closing.abort();
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
      this.rings = true;
      return new Promise((done) => signal.addEventListener('abort', () => done()));
    };
    // Refused only when this one is closed while another tab holds it.
    navigator.locks.request(name, { signal }, hold).catch(() => {});
  }

  private heard(heard: Heard): void {
    if (!this.rings || !this.rung.add(heard.key)) return;
    this.channel.postMessage({ tab: this.tab, rung: heard.key } satisfies Word);
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
    const notice = new Notification(title, { body: text, tag: roomid, icon: '/start/icon.svg' });
    notice.onclick = () => {
      window.focus();
      this.shown.open(roomid);
      notice.close();
    };
    this.notices.set(roomid, notice);
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
    this.channel.postMessage({ tab: this.tab, look } satisfies Word);
  }

  private now(): Look {
    return { focused: document.hasFocus(), roomid: this.shown.roomid(), at: Date.now() };
  }
}
