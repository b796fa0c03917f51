// The line above the composer that says what the connection does.
import { el, icon } from '../dom';
import { onLanguage, t } from '../text/language';

type Shown = { kind: 'none' } | { kind: 'reconnecting'; canTry: boolean } | { kind: 'retry'; at: number } | { kind: 'restored'; caughtUp: number };

const SHORT_BREAK_MS = 2000;
const PATIENCE_MS = 8000;
const RESTORED_MS = 3000;

export class Banner {
  private shown: Shown = { kind: 'none' };
  private timer: number | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly retryNow: () => void,
  ) {
    place.setAttribute('role', 'status');
    onLanguage(() => this.draw());
  }

  /** The connection is gone; nothing is said when it is back within two seconds, a button comes when it takes long. */
  lost(): void {
    if (this.shown.kind === 'retry') return;
    this.later(SHORT_BREAK_MS, () => {
      this.show({ kind: 'reconnecting', canTry: false });
      this.later(PATIENCE_MS, () => this.show({ kind: 'reconnecting', canTry: true }));
    });
  }

  /** The next try is at this time. */
  retryAt(at: number): void {
    this.show({ kind: 'retry', at });
    const tick = (): void => {
      this.draw();
      this.later(1000, tick);
    };
    this.later(1000, tick);
  }

  /** The connection is back, with so many messages caught up. */
  restored(caughtUp: number): void {
    const wasSaid = this.shown.kind !== 'none';
    this.show(wasSaid || caughtUp > 0 ? { kind: 'restored', caughtUp } : { kind: 'none' });
    this.later(RESTORED_MS, () => this.show({ kind: 'none' }));
  }

  private show(next: Shown): void {
    this.shown = next;
    this.draw();
  }

  private draw(): void {
    const { shown } = this;
    this.place.hidden = shown.kind === 'none';
    this.place.className = `banner ${shown.kind === 'restored' ? 'ok' : shown.kind === 'retry' ? 'bad' : ''}`.trim();
    if (shown.kind === 'none') return this.place.replaceChildren();
    if (shown.kind === 'restored') {
      const words = shown.caughtUp > 0 ? t('restored_n', { n: shown.caughtUp }) : t('restored');
      return this.place.replaceChildren(icon('check', 's'), el('span', { class: 'fx' }, words));
    }
    const now = el('button', { class: 'link nw', type: 'button' }, t('retry_now'));
    now.addEventListener('click', this.retryNow);
    if (shown.kind === 'reconnecting') {
      return this.place.replaceChildren(icon('offline', 's'), el('span', { class: 'fx' }, t('reconnecting')), ...(shown.canTry ? [now] : []));
    }
    const seconds = Math.max(0, Math.ceil((shown.at - Date.now()) / 1000));
    this.place.replaceChildren(icon('alert', 's'), el('span', { class: 'fx' }, t('retry_in', { n: seconds })), now);
  }

  private later(ms: number, then: () => void): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(then, ms);
  }
}
