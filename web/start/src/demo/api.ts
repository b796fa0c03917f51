// The HTTP side: a ticket for each person, uploads, addresses of pictures and files.
import type { Account, Refusal } from './wire';

export interface Ticket {
  ticket: string;
  data: Account;
  /** The secret by which an anonymous visitor is the same person next time. */
  visitor?: string;
}

export interface Transfer {
  cancel(): void;
}

/** The server answered with an error, or (errcode 0) did not answer at all. */
export class ApiError extends Error implements Refusal {
  readonly retry_after?: number;

  constructor(
    readonly status: number,
    readonly errcode: number,
    readonly errmsg: string,
    retryAfter?: number,
  ) {
    super(errmsg);
    if (retryAfter !== undefined) this.retry_after = retryAfter;
  }
}

/** There is no such endpoint: a server without it answers a page at that address, or that there is no such method. */
export function isAbsent(error: ApiError): boolean {
  return error.status === 404 || error.status === 405;
}

/** A ticket for an anonymous visitor; with last time's secret for the same one again. */
export function visitorTicket(companyid: string, visitor: string | null): Promise<Ticket> {
  return post('/onlinechat/api/visitor', visitor ? { companyid, visitor } : { companyid });
}

/** A ticket for the agent of the demo; there only when the server was started with the demo. */
export function demoAgentTicket(): Promise<Ticket> {
  return post('/demo/agent', {});
}

/** Sends a picture or a file; the answer is what the message has to carry. */
export function upload(
  kind: 'image' | 'file',
  file: File,
  ticket: string,
  done: { progress(sentBytes: number): void; sent(msg: string): void; failed(error: Refusal): void },
): Transfer {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append('cmFile', file, file.name);
  request.open('POST', `/onlinechat/api/file/${kind === 'image' ? 'uploadImage' : 'uploadFile'}?ticket=${encodeURIComponent(ticket)}`);
  request.responseType = 'json';
  request.upload.addEventListener('progress', (event) => done.progress(event.loaded));
  request.addEventListener('load', () => {
    const answer = request.response as { errcode?: number; errmsg?: string; data?: string; fileid?: string; filename?: string } | null;
    if (!answer || answer.errcode !== 0) return done.failed(new ApiError(request.status, answer?.errcode ?? 0, answer?.errmsg ?? ''));
    if (kind === 'image') return done.sent(answer.data ?? '');
    done.sent(JSON.stringify({ fileid: answer.fileid, filename: answer.filename }));
  });
  let cancelled = false;
  for (const end of ['error', 'abort']) request.addEventListener(end, () => cancelled || done.failed(new ApiError(0, 0, '')));
  request.send(form);
  return {
    cancel: () => {
      cancelled = true;
      request.abort();
    },
  };
}

let pictureBase: Promise<string> | null = null;

/** The address of a picture: the server's base with the path of the message behind it. */
export async function pictureUrl(path: string): Promise<string> {
  pictureBase ??= post<{ picUrl: string }>('/onlinechat/api/file/loadPicture', {}).then((answer) => answer.picUrl);
  try {
    return (await pictureBase) + path.split('/').map(encodeURIComponent).join('/');
  } catch (error) {
    pictureBase = null; // so that the next try asks again
    throw error;
  }
}

export function fileUrl(fileid: string, ticket: string): string {
  return `/onlinechat/api/file/downLoadFile?id=${encodeURIComponent(fileid)}&ticket=${encodeURIComponent(ticket)}`;
}

async function post<T>(path: string, body: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new ApiError(0, 0, '');
  }
  const answer = (await response.json().catch(() => null)) as (T & { errcode?: number; errmsg?: string; retry_after?: number }) | null;
  if (!answer || !response.ok || (answer.errcode ?? 0) !== 0) {
    throw new ApiError(response.status, answer?.errcode ?? 0, answer?.errmsg ?? '', answer?.retry_after);
  }
  return answer;
}
