// The HTTP calls of a chat page: uploading files, changing a token or a visitor's secret into a ticket.
import { Codes } from './codes.js';
import { errorFrom, NodechatError } from './errors.js';
import type { Uploaded, UploadOptions } from './types.js';

type Json = Record<string, any>;

/** Asks an endpoint with JSON. Rejects with a `NodechatError`. */
export async function post(url: string, body: object): Promise<Json> {
  let text: string;
  try {
    const headers = { 'Content-Type': 'application/json' };
    text = await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).text();
  } catch {
    // What fetch says of a broken network differs from browser to browser and helps nobody.
    throw unreachable();
  }
  return readReply(text);
}

/** Sends a file. With XMLHttpRequest, because fetch does not tell how far it has come. */
export function uploadFile(api: string, ticket: string, file: Blob, options: UploadOptions): Promise<Uploaded> {
  const { onProgress, signal } = options;
  const type = options.kind ?? (file.type.startsWith('image/') ? 'image' : 'file');
  const call = type === 'image' ? 'uploadImage' : 'uploadFile';
  return new Promise<Json>((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open('POST', api + 'file/' + call + '?ticket=' + encodeURIComponent(ticket));
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    request.onload = () => {
      try {
        resolve(readReply(request.responseText));
      } catch (err) {
        reject(err);
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(aborted());
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    const form = new FormData();
    form.append('cmFile', file);
    request.send(form);
  }).then(({ data, fileid, filename, filesize }) => ({
    type,
    msg: type === 'image' ? data : { fileid, filename, filesize },
  }));
}

function readReply(text: string): Json {
  let reply: Json;
  try {
    reply = Object(JSON.parse(text)) as Json;
  } catch {
    // Not from our service: a proxy's error page, or a reply cut short.
    throw unreachable();
  }
  if (reply.errcode) throw errorFrom(reply, Codes.ASYNC_CALL_FAILED);
  return reply;
}

function unreachable(): NodechatError {
  return new NodechatError(Codes.ASYNC_CALL_FAILED, 'the service cannot be reached');
}

function aborted(): Error {
  const err = new Error('the upload was aborted');
  err.name = 'AbortError';
  return err;
}
