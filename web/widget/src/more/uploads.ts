// Sends pictures and files: shown at once from the local copy, uploaded, then said like any other message.
import { createEffect, createRoot, createSignal } from 'solid-js';
import { LIMITS_BYTES, PICTURES, sizeInWords } from '../../../start/src/demo/file';
import type { Chat } from '../chat';
import type { Item } from '../items';
import { reason, type Refusal } from '../reason';
import { t } from '../text/say';

const VIDEOS = ['video/mp4', 'video/webm'];

const [progress, setProgress] = createSignal<Record<string, number>>({});
const transfers = new Map<string, AbortController>();
/** Uploads that the network broke; they go again when it is back. */
const broken = new Map<string, Item>();
let watched: Chat | undefined;

/** How much of it is there, 0 to 1. */
export const partOf = (id: string): number => progress()[id] ?? 0;

export async function sendFile(chat: Chat, file: File): Promise<void> {
  watch(chat);
  const image = PICTURES.includes(file.type);
  const item: Item = { ...chat.blank(image ? 'image' : 'file'), state: 'uploading', upload: { file, width: 4, height: 3 } };
  const wrong = refusedBeforehand(file, image);
  const picture = !wrong && image ? await measured(file) : undefined;
  // What only calls itself a picture is sent as the file that it is.
  if (image && !picture) item.mtype = 'file';
  Object.assign(item.upload!, picture);
  if (VIDEOS.includes(file.type) && !wrong) item.upload!.seconds = await lengthOf(file);
  if (wrong) return void chat.change({ ...item, mtype: 'file', state: 'failed', reason: wrong, hopeless: true });
  chat.change(item);
  transfer(chat, item);
}

export async function sendVoice(chat: Chat, file: File, seconds: number): Promise<void> {
  watch(chat);
  const item: Item = { ...chat.blank('file'), state: 'uploading', upload: { file, width: 0, height: 0, voice: seconds } };
  chat.change(item);
  transfer(chat, item);
}

/** Sends again what had failed, from where it had come to. */
export function again(chat: Chat, item: Item): void {
  if (!item.upload || item.msg) return chat.resend(item);
  const next: Item = { ...item, state: 'uploading' };
  chat.change(next);
  transfer(chat, next);
}

export function cancel(chat: Chat, item: Item): void {
  transfers.get(item.id)?.abort();
  broken.delete(item.id);
  chat.remove(item);
}

function transfer(chat: Chat, item: Item): void {
  const { id, upload, mtype } = item;
  const controller = new AbortController();
  transfers.set(id, controller);
  chat.nodechat
    .upload(upload!.file, {
      kind: mtype === 'image' ? 'image' : 'file',
      signal: controller.signal,
      onProgress: (loaded, total) => setProgress({ ...progress(), [id]: loaded / Math.max(1, total) }),
    })
    .then(
      ({ msg }) => chat.send({ ...item, ...said(item, msg), time: Date.now(), state: 'sending' }),
      (err: Refusal & Error) => {
        if (err.name === 'AbortError') return;
        if (err.errcode === 3101) {
          broken.set(id, item);
          // The network may be away for uploads alone; the channel's own return is not waited for then.
          if (chat.online()) setTimeout(() => resume(chat), 3_000);
        } else chat.change({ ...item, state: 'failed', ...fileReason(err, upload!.file) });
      },
    )
    .finally(() => {
      transfers.delete(id);
      setProgress(({ [id]: _, ...rest }) => rest);
    });
}

/** What has been uploaded, as the kind of message that it is: a voice and a short video can be played where they stand. */
function said({ mtype, upload }: Item, msg: any): Pick<Item, 'mtype' | 'msg'> {
  const { voice, seconds, file } = upload!;
  if (voice) return { mtype: 'voice', msg: { val: '', url: msg.fileid, duration: String(voice) } };
  if (VIDEOS.includes(file.type)) return { mtype: 'video', msg: { url: msg.fileid, duration: String(seconds ?? 0) } };
  return { mtype, msg };
}

function watch(chat: Chat): void {
  if (watched === chat) return;
  watched = chat;
  createRoot(() => createEffect(() => chat.online() && resume(chat)));
}

function resume(chat: Chat): void {
  for (const [id, item] of broken) {
    broken.delete(id);
    transfer(chat, item);
  }
}

function refusedBeforehand(file: File, image: boolean): string | undefined {
  const limit = LIMITS_BYTES[image ? 'image' : 'file'];
  if (file.size === 0) return t('file_empty');
  return file.size > limit ? t('file_large', { size: sizeInWords(file.size), limit: sizeInWords(limit) }) : undefined;
}

/** Empty, of a wrong kind, too large: the same file will not do better. */
export function fileReason(err: Refusal, file: { size: number }): Pick<Item, 'reason' | 'hopeless'> {
  if (err.errcode === 5400) return { reason: t('file_empty'), hopeless: true };
  if (err.errcode === 5401) return { reason: t('file_kind'), hopeless: true };
  if (err.errcode === 5402) return { reason: t('file_too_large', { size: sizeInWords(file.size) }), hopeless: true };
  return { reason: t('not_sent', { reason: reason(err) }) };
}

/** The size of a picture and a local address for it, known before it is shown, so that nothing jumps. */
async function measured(file: File): Promise<{ url: string; width: number; height: number } | undefined> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(url);
    return undefined; // not a picture after all
  }
}

/** Whole seconds of a video, 0 when it does not say: a recording of a browser has no length in it. */
async function lengthOf(file: File): Promise<number> {
  const video = document.createElement('video');
  const url = URL.createObjectURL(file);
  video.preload = 'metadata';
  const seconds = await new Promise<number>((done) => {
    video.onloadedmetadata = () => done(Number.isFinite(video.duration) ? Math.round(video.duration) : 0);
    video.onerror = () => done(0);
    video.src = url;
  });
  URL.revokeObjectURL(url);
  return seconds;
}
