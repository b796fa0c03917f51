// Sends pictures and files: shown at once from the local copy, uploaded, then said like any other message.
import { createEffect, createRoot, createSignal } from 'solid-js';
import { canRetry } from '../../../sdk/src/catch-up';
import { LIMITS_BYTES, PICTURES, sizeInWords } from '../../../start/src/demo/file';
import { measured } from '../../../ui/measured';
import { Transfers } from '../../../ui/transfers';
import { Turns } from '../../../ui/turns';
import type { Chat } from '../chat';
import type { Item, Upload } from '../items';
import { reason, type Refusal } from '../reason';
import { t } from '../text/say';
import { keptFiles } from './kept-files';

const VIDEOS = ['video/mp4', 'video/webm'];
/** Nobody expects a file of last week to go out by itself. */
const KEPT_MS = 86_400_000;

const [progress, setProgress] = createSignal<Record<string, number>>({});

/** How much of it is there, 0 to 1. */
export const partOf = (id: string): number => progress()[id] ?? 0;

const turns = new Turns();

type Uploads = Transfers<Item>;
const uploadsOf = new WeakMap<Chat, Uploads>();

/** Begins where the last page stopped, and from then on whenever the network is back. */
export function uploads(chat: Chat): Uploads {
  const known = uploadsOf.get(chat);
  if (known) return known;
  const made: Uploads = new Transfers({
    upload: ({ upload, mtype }, options) => chat.nodechat.upload(upload!.file, { kind: mtype === 'image' ? 'image' : 'file', ...options }),
    progress: ({ id }, part) => setProgress({ ...progress(), [id]: part }),
    done: (item, msg) => {
      chat.send({ ...item, ...said(item, msg), state: 'sending' });
      over(item.id);
    },
    refused: (item, err) => {
      chat.change({ ...item, state: 'failed', ...fileReason(err, item.upload!.file) });
      // What heals by itself is not yet over: it is kept for the next page.
      if (!canRetry(err.errcode)) over(item.id);
    },
    online: chat.online,
  });
  uploadsOf.set(chat, made);
  createRoot(() => {
    createEffect(() => chat.online() && made.resume());
    createEffect((begun) => {
      if (!begun && chat.room()) void takeUp(chat);
      return begun || chat.room();
    });
  });
  return made;
}

export async function sendFile(chat: Chat, file: File): Promise<void> {
  const image = PICTURES.includes(file.type);
  const item: Item = { ...chat.blank(image ? 'image' : 'file'), state: 'uploading', upload: { file, width: 4, height: 3 } };
  const wrong = refusedBeforehand(file, image);
  const picture = !wrong && image ? await measured(file) : undefined;
  // What only calls itself a picture is sent as the file that it is.
  if (image && !picture) item.mtype = 'file';
  Object.assign(item.upload!, picture);
  if (VIDEOS.includes(file.type) && !wrong) item.upload!.seconds = await lengthOf(file);
  if (wrong) return void chat.change({ ...item, mtype: 'file', state: 'failed', reason: wrong, hopeless: true });
  begin(chat, item);
}

export function sendVoice(chat: Chat, file: File, seconds: number): void {
  begin(chat, { ...chat.blank('file'), state: 'uploading', upload: { file, width: 0, height: 0, voice: seconds } });
}

/** Sends again what had failed, from where it had come to. */
export function again(chat: Chat, item: Item): void {
  if (!item.upload || item.msg) return chat.resend(item);
  begin(chat, { ...item, state: 'uploading' });
}

export function cancel(chat: Chat, { id }: Item): void {
  uploads(chat).cancel(id);
  over(id);
  chat.remove({ id });
}

function begin(chat: Chat, item: Item): void {
  const { id, mtype, time, upload } = item;
  chat.change(item);
  void turns.take(id);
  // Nobody's until it is known whose page it is: then it lives as long as that.
  if (chat.aid) void keptFiles.keep({ id, mtype, time, owner: ownerOf(chat), upload: withoutUrl(upload!) });
  uploads(chat).start(item);
}

/** Sent, refused for good or not wanted any more: nothing of it is left to be taken up. */
function over(id: string): void {
  void keptFiles.forget(id);
  setProgress(({ [id]: _, ...rest }) => rest);
  turns.end(id);
}

/** What an earlier page of this person had not sent goes on, at its place. */
async function takeUp(chat: Chat): Promise<void> {
  const owner = ownerOf(chat);
  for (const { id } of await keptFiles.of((other) => other === owner)) void turns.take(id).then(() => goOn(chat, id));
}

async function goOn(chat: Chat, id: string): Promise<void> {
  if (uploads(chat).has(id)) return;
  // Another page may have sent it while we waited for our turn.
  const kept = await keptFiles.one(id);
  if (!kept || chat.items().some((item) => item.id === id) || Date.now() - kept.time > KEPT_MS) return over(id);
  const { mtype, time, upload } = kept;
  const picture = mtype === 'image' ? await measured(upload.file) : undefined;
  const item: Item = { ...chat.blank(mtype), id, time, state: 'uploading', upload: { ...upload, ...picture } };
  chat.change(item);
  uploads(chat).start(item);
}

const ownerOf = ({ company, aid }: Chat): string => `${company}/${aid}`;

function withoutUrl({ url: _, ...upload }: Upload): Upload {
  return upload;
}

/** What has been uploaded, as the kind of message that it is: a voice and a short video can be played where they stand. */
function said({ mtype, upload }: Item, msg: any): Pick<Item, 'mtype' | 'msg'> {
  const { voice, seconds, file } = upload!;
  if (voice) return { mtype: 'voice', msg: { val: '', url: msg.fileid, duration: String(voice) } };
  if (VIDEOS.includes(file.type)) return { mtype: 'video', msg: { url: msg.fileid, duration: String(seconds ?? 0) } };
  return { mtype, msg };
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
