// The log: rows on the page, kept where the reader is while things arrive above and below.
import type { Item } from '../demo/history';
import type { Row } from '../demo/rows';
import { clock, dayInWords } from '../demo/times';
import { sizeInWords } from '../demo/file';
import { el, icon, setChildren } from '../dom';
import { language, locale, t } from '../text/language';
import { bubble, type BubbleActions } from './bubble';
import { face } from './face';

export interface LogActions extends BubbleActions {
  earlier(): void;
  resend(item: Item): void;
  remove(item: Item): void;
  /** The reader is at the end now and sees the last message. */
  atEnd(): void;
}

export interface LogState {
  rows: Row[];
  hasEarlier: boolean;
  loadingEarlier: boolean;
  earlierFailed: boolean;
  /** What stands above the first message when the beginning is reached. */
  beginning: HTMLElement | null;
  /** What stands under the last message, such as that one has left. */
  closing: HTMLElement | null;
}

type MessageRow = Extract<Row, { kind: 'message' }>;

const NEAR_END_PX = 48;
const NEAR_TOP_PX = 96;

export class Log {
  private readonly list = el('div', { class: 'msgs' });
  private readonly earlierButton = el('button', { class: 'btn bare earlier', type: 'button' });
  private readonly jump = el('button', { class: 'btn jump', type: 'button', hidden: true });
  private readonly drawn = new Map<string, { element: HTMLElement; signature: string }>();
  private unseen = 0;
  private stuck = true;

  constructor(
    readonly scroller: HTMLElement,
    jumpPlace: HTMLElement,
    private readonly actions: LogActions,
  ) {
    scroller.append(this.list);
    jumpPlace.append(this.jump);
    this.earlierButton.addEventListener('click', () => actions.earlier());
    this.jump.addEventListener('click', () => this.toEnd());
    scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    const keepEnd = new ResizeObserver(() => this.stuck && this.toEnd());
    keepEnd.observe(scroller);
    keepEnd.observe(this.list);
  }

  /** Draws the state; `fresh` messages of others have come since last time. */
  draw(state: LogState, fresh = 0): void {
    const anchor = this.stuck ? null : this.anchor();
    const elements = state.rows.map((row) => this.row(row));
    if (state.hasEarlier) elements.unshift(this.earlierRow(state));
    else if (state.beginning) elements.unshift(state.beginning);
    if (state.closing) elements.push(state.closing);
    setChildren(this.list, elements);
    this.forget(state.rows);

    if (this.stuck) this.toEnd();
    else if (anchor) this.scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    if (!this.stuck) this.unseen += fresh;
    this.drawJump();
  }

  /** Shows the end, whatever was read before: after sending something oneself. */
  toEnd(): void {
    this.stuck = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.seen();
  }

  isAtEnd(): boolean {
    return this.stuck;
  }

  progress(item: Item): void {
    const element = this.drawn.get(item.id)?.element;
    const upload = item.upload;
    if (!element || !upload) return;
    const part = Math.min(1, upload.sentBytes / Math.max(1, upload.file.size));
    element.querySelector<HTMLElement>('.bar i')?.style.setProperty('transform', `scaleX(${part})`);
    const words = element.querySelector('.meta .words');
    if (words) words.textContent = uploadWords(item);
  }

  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.stuck) this.seen();
    this.drawJump();
    if (scrollTop < NEAR_TOP_PX && scrollHeight > clientHeight && this.earlierButton.isConnected && !this.earlierButton.disabled) this.actions.earlier();
  }

  private seen(): void {
    this.unseen = 0;
    this.drawJump();
    this.actions.atEnd();
  }

  private drawJump(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const far = scrollHeight - scrollTop - clientHeight > clientHeight;
    this.jump.hidden = this.stuck || !(far || this.unseen > 0);
    const words = this.unseen > 0 ? t('jump_new', { n: this.unseen }) : t('jump_end');
    if (this.jump.dataset.words === words) return;
    this.jump.dataset.words = words;
    this.jump.replaceChildren(icon('down', 's'), words);
  }

  /** The first row that can be seen, with its place on the screen. */
  private anchor(): { element: HTMLElement; top: number } | null {
    const edge = this.scroller.getBoundingClientRect().top;
    for (const element of this.list.querySelectorAll<HTMLElement>(':scope > .msg')) {
      const box = element.getBoundingClientRect();
      if (box.bottom > edge) return { element, top: box.top };
    }
    return null;
  }

  private earlierRow(state: LogState): HTMLElement {
    this.earlierButton.disabled = state.loadingEarlier;
    this.earlierButton.textContent = t(state.loadingEarlier ? 'loading' : state.earlierFailed ? 'earlier_failed' : 'earlier');
    return this.earlierButton;
  }

  private row(row: Row): HTMLElement {
    const signature = this.signature(row);
    const before = this.drawn.get(row.key);
    if (before?.signature === signature) return before.element;
    const element = row.kind === 'message' ? this.message(row, before?.element ?? null) : this.line(row);
    this.drawn.set(row.key, { element, signature });
    return element;
  }

  private line(row: Exclude<Row, MessageRow>): HTMLElement {
    if (row.kind === 'new') return el('div', { class: 'new' }, t('new_messages'));
    const words = { today: t('today'), yesterday: t('yesterday') };
    return el('div', { class: 'day' }, dayInWords(row.time, Date.now(), locale(), words));
  }

  private message(row: MessageRow, before: HTMLElement | null): HTMLElement {
    const { item } = row;
    const classes = ['msg', row.own ? 'out' : 'in', row.first ? '' : 'cont', `is-${item.state}`];
    const again = before?.dataset.content === contentSignature(item) ? before.querySelector<HTMLElement>('.ln > :first-child') : null;
    const element = before ?? el('div');
    element.className = classes.filter(Boolean).join(' ');
    if (!before && row.own && item.state !== 'sent') element.classList.add('is-rising');
    element.dataset.content = contentSignature(item);
    const line = el('div', { class: 'ln' }, again ?? bubble(item, this.actions));
    const meta = this.meta(row);
    if (meta) line.append(meta);
    element.replaceChildren(...(row.own ? [] : [this.face(row)]), el('div', { class: 'col' }, this.speaker(row), line));
    return element;
  }

  private face(row: MessageRow): HTMLElement {
    const { item } = row;
    return face(item.side, item.nick, item.aid);
  }

  /** Who speaks, for those who do not see faces and sides. */
  private speaker(row: MessageRow): HTMLElement | null {
    return row.first ? el('bdi', { class: 'sr' }, row.item.nick) : null;
  }

  private meta(row: MessageRow): HTMLElement | null {
    const { item, mark } = row;
    if (!row.own) return row.last ? el('span', { class: 'meta' }, time(item)) : null;
    switch (mark) {
      case 'failed':
        return this.failure(item);
      case 'uploading':
        return el('span', { class: 'meta' }, icon('clock', 'xs'), el('span', { class: 'words' }, uploadWords(item)));
      case 'waiting':
        return el('span', { class: 'meta' }, icon('clock', 'xs'), t('waiting'));
      case 'sending':
        return el('span', { class: 'meta is-late' }, icon('clock', 'xs'), t('sending'));
      case 'sent':
      case 'read':
        return el('span', { class: 'meta' }, icon(mark === 'read' ? 'checks' : 'check', 'xs'), t(mark), row.last ? time(item) : null);
      default:
        return row.last ? el('span', { class: 'meta' }, time(item)) : null;
    }
  }

  private failure(item: Item): HTMLElement {
    const resend = el('button', { type: 'button', class: 'link' }, t('resend'));
    resend.addEventListener('click', () => this.actions.resend(item));
    const remove = el('button', { type: 'button', class: 'link' }, t('remove'));
    remove.addEventListener('click', () => this.actions.remove(item));
    return el('span', { class: 'meta bad' }, icon('alert', 'xs'), el('span', { class: 'words' }, item.reason ?? ''), item.hopeless ? null : resend, remove);
  }

  private signature(row: Row): string {
    if (row.kind !== 'message') return `${language()} ${new Date().toDateString()}`;
    return [language(), contentSignature(row.item), row.item.time, row.item.reason ?? '', row.first, row.last, row.mark].join('|');
  }

  private forget(rows: Row[]): void {
    const shown = new Set(rows.map((row) => row.key));
    for (const key of this.drawn.keys()) if (!shown.has(key)) this.drawn.delete(key);
  }
}

/** What decides how the bubble itself looks; as long as it stays, the element stays. */
function contentSignature(item: Item): string {
  const path = item.upload ? '' : JSON.stringify(item.msg);
  return [language(), item.mtype, item.state === 'uploading', item.mtype === 'file' && item.state === 'sent', path].join('|');
}

function time(item: Item): HTMLElement {
  return el('time', { datetime: new Date(item.time).toISOString() }, clock(item.time, locale()));
}

function uploadWords(item: Item): string {
  const { upload } = item;
  if (!upload) return '';
  const sent = Math.min(upload.sentBytes, upload.file.size);
  if (item.mtype === 'file') return t('uploaded_of', { sent: sizeInWords(sent), total: sizeInWords(upload.file.size) });
  return t('uploaded', { percent: new Intl.NumberFormat(locale(), { style: 'percent' }).format(sent / Math.max(1, upload.file.size)) });
}
