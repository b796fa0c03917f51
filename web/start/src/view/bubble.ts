// One message in its bubble: text, picture, file, voice, video, or a card that cannot be shown.
import { fileUrl, pictureUrl } from '../demo/api';
import { extension, sizeInWords, splitName } from '../demo/file';
import type { Item } from '../demo/history';
import { el, icon } from '../dom';
import { t } from '../text/language';

export interface BubbleActions {
  ticket(): string;
  open(item: Item, image: HTMLImageElement): void;
  cancel(item: Item): void;
}

export function bubble(item: Item, actions: BubbleActions): HTMLElement {
  switch (item.mtype) {
    case 'text':
      return text(String(item.msg ?? ''));
    case 'image':
      return picture(item, actions);
    case 'file':
      return file(item, actions);
    case 'voice':
    case 'video':
      return sound(item);
    case 'recalled':
      return el('div', { class: 'bub gone' }, t('recalled'));
    default:
      return el('div', { class: 'cardm unknown' }, t('unknown_card'));
  }
}

const FOLD_LINES = 20;
const FOLD_CHARACTERS = 700;

function text(content: string): HTMLElement {
  const words = el('span', { dir: 'auto', class: 'words' }, content);
  const box = el('div', { class: 'bub' }, words);
  if (content.split('\n').length > FOLD_LINES || content.length > FOLD_CHARACTERS) {
    words.classList.add('folded');
    const unfold = el('button', { class: 'unfold', type: 'button' }, t('unfold'));
    unfold.addEventListener('click', () => {
      words.classList.remove('folded');
      unfold.remove();
    });
    box.append(unfold);
  }
  return box;
}

/** The sizes of pictures seen so far, so that the next time the place is right before anything has loaded. */
const known = new Map<string, [width: number, height: number]>();

function picture(item: Item, actions: BubbleActions): HTMLElement {
  const image = el('img', { alt: t('picture'), decoding: 'async', draggable: 'false' });
  const box = el('button', { class: 'bub none pic', type: 'button', 'aria-label': t('picture_from', { who: item.nick }) }, image);
  const path = String(item.msg ?? '');
  const size = item.upload ? ([item.upload.width, item.upload.height] as const) : known.get(path);
  if (size) shape(box, size[0], size[1]);
  if (item.upload && path) known.set(path, [item.upload.width, item.upload.height]);

  image.addEventListener('load', () => {
    box.classList.remove('is-broken');
    shape(box, image.naturalWidth, image.naturalHeight);
    if (path) known.set(path, [image.naturalWidth, image.naturalHeight]);
  });
  image.addEventListener('error', () => broken(box));
  const load = (): void => {
    if (item.upload?.url) image.src = item.upload.url;
    else if (path === '') broken(box);
    else
      pictureUrl(path).then(
        (url) => (image.src = url),
        () => broken(box),
      );
  };
  load();
  box.addEventListener('click', () => {
    if (box.classList.contains('is-broken')) {
      box.querySelector('.hurt')?.remove();
      box.classList.remove('is-broken');
      load();
    } else actions.open(item, image);
  });
  if (item.state === 'uploading') box.append(el('span', { class: 'bar' }, el('i')));
  return item.state === 'uploading' ? cancellable(box, item, actions) : box;
}

function broken(box: HTMLElement): void {
  if (box.classList.contains('is-broken')) return;
  box.classList.add('is-broken');
  box.append(el('span', { class: 'hurt' }, icon('image'), el('span', {}, t('picture_broken'))));
}

/** 144–240 wide, the real ratio between 1:2 and 2:1. */
function shape(box: HTMLElement, width: number, height: number): void {
  const ratio = Math.min(2, Math.max(0.5, width / Math.max(1, height)));
  const shown = Math.round(Math.min(240, Math.max(144, ratio >= 1 ? Math.min(width, 240) : 240 * ratio)));
  box.style.width = `${shown}px`;
  box.style.aspectRatio = String(ratio);
}

function cancellable(box: HTMLElement, item: Item, actions: BubbleActions): HTMLElement {
  const cancel = el('button', { class: 'ib cancel', type: 'button', 'aria-label': t('cancel'), title: t('cancel') }, icon('x', 's'));
  cancel.addEventListener('click', () => actions.cancel(item));
  return el('div', { class: 'uploading' }, box, cancel);
}

interface FileMessage {
  fileid?: string;
  filename?: string;
  filesize?: number;
}

function file(item: Item, actions: BubbleActions): HTMLElement {
  const message = asObject(item.msg) as FileMessage;
  const name = item.upload?.file.name ?? message.filename ?? '';
  const bytes = item.upload?.file.size ?? message.filesize;
  const [start, ending] = splitName(name);
  const inside = [
    el('span', { class: 'ext', 'aria-hidden': 'true' }, extension(name)),
    el(
      'span',
      { class: 'fx' },
      el('span', { class: 'name', dir: 'auto', title: name }, el('span', { class: 'cut' }, start), el('span', { class: 'nw' }, ending)),
      item.state === 'uploading' ? el('span', { class: 'bar' }, el('i')) : el('span', { class: 'size' }, bytes === undefined ? '' : sizeInWords(bytes)),
    ),
  ];
  if (item.state === 'uploading') {
    const cancel = el('button', { class: 'ib', type: 'button', 'aria-label': t('cancel'), title: t('cancel') }, icon('x', 's'));
    cancel.addEventListener('click', () => actions.cancel(item));
    return el('div', { class: 'bub file' }, ...inside, cancel);
  }
  if (!message.fileid) return el('div', { class: 'bub file' }, ...inside);
  return el('a', { class: 'bub file', href: fileUrl(message.fileid, actions.ticket()), download: name, title: t('download', { name }) }, ...inside, icon('download', 's'));
}

function sound(item: Item): HTMLElement {
  const message = asObject(item.msg) as { url?: string; val?: string };
  const player = el(item.mtype === 'video' ? 'video' : 'audio', { controls: true, preload: 'metadata', class: 'player' });
  if (message.url) pictureUrl(message.url).then((url) => (player.src = url), () => player.replaceWith(t('unknown_card')));
  const heard = message.val ? el('p', { class: 'trs', dir: 'auto' }, message.val) : null;
  return el('div', { class: `bub ${item.mtype}` }, player, heard);
}

/** Files and media come as an object, or as its JSON text from older pages. */
function asObject(msg: unknown): object {
  if (typeof msg === 'object' && msg !== null) return msg;
  try {
    const parsed: unknown = JSON.parse(String(msg));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {}; // not JSON: shown as a file without a name rather than as raw text
  }
}
