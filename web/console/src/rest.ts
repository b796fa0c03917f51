// Calls of /api/v1, with the agent's ticket.
import type { Refusal } from './refusal';

type Query = Record<string, string | number | boolean | undefined>;

export interface Listed<T> {
  data: T[];
  /** The cursor of the page behind this one, where there is more. */
  next?: string;
}

export class Rest {
  /** `refused`: told when the ticket is not good any more; `companyid`: which company is meant, where the ticket does not say. */
  constructor(
    private ticket: string | undefined,
    private refused: () => void = () => {},
    private companyid?: string,
  ) {}

  /** The same for this company. */
  of(companyid: string): Rest {
    return new Rest(this.ticket, this.refused, companyid);
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.call('GET', path, { query })).data as T;
  }

  /** One page of a list. */
  async page<T>(path: string, query: Query = {}): Promise<Listed<T>> {
    return (await this.call('GET', path, { query })) as unknown as Listed<T>;
  }

  /** A whole list, page after page, for what is never long. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | undefined;
    do {
      const { data, next } = await this.page<T>(path, { limit: 100, ...query, cursor });
      found.push(...data);
      cursor = next;
    } while (cursor);
    return found;
  }

  /** POST, PUT, PATCH or DELETE; answers the thing as it is now. */
  async send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
    return (await this.call(method, path, { body })).data as T;
  }

  /** The bytes of an answer that is a file. */
  async file(path: string, query: Query): Promise<Blob> {
    const response = await this.fetch('GET', path, { query });
    if (response.ok) return response.blob();
    throw await this.refusal(response);
  }

  private async call(method: string, path: string, more: { query?: Query; body?: object | undefined }): Promise<Record<string, unknown>> {
    const response = await this.fetch(method, path, more);
    if (!response.ok) throw await this.refusal(response);
    return (await response.json()) as Record<string, unknown>;
  }

  private async fetch(method: string, path: string, { query = {}, body }: { query?: Query; body?: object | undefined }): Promise<Response> {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') asked.set(name, String(value));
    if (this.companyid !== undefined) asked.set('companyid', this.companyid);
    const search = asked.toString();
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.ticket) headers.authorization = `Bearer ${this.ticket}`;
    if (body) headers['content-type'] = 'application/json';
    try {
      return await fetch(`/api/v1${path}${search && `?${search}`}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    } catch {
      // What fetch says of a broken network differs from browser to browser and helps nobody.
      throw { errcode: 3101 } satisfies Refusal;
    }
  }

  private async refusal(response: Response): Promise<Refusal> {
    if (response.status === 401 && this.ticket) this.refused();
    try {
      return (await response.json()) as Refusal;
    } catch {
      // Not from our service: a proxy's error page.
      return { errcode: 3101 };
    }
  }
}
