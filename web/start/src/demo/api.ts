// The HTTP side: a ticket for each person, addresses of pictures and files.
import type { Account, Refusal } from './wire';

export interface Ticket {
  ticket: string;
  data: Account;
  /** The secret by which an anonymous visitor is the same person next time. */
  visitor?: string;
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
