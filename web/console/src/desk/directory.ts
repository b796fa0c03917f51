// Who and what there is in the company: colleagues with their statuses, groups, canned replies, settings.
import { createSignal } from 'solid-js';
import type { Rest } from '../rest';
import type { CannedReply, Colleague, Company, Group } from './wire';

export class Directory {
  readonly colleagues = createSignal<Colleague[]>([]);
  readonly groups = createSignal<Group[]>([]);
  readonly company = createSignal<Company>();
  readonly replies = createSignal<CannedReply[]>([]);
  readonly statuses = createSignal<Record<string, 0 | 1 | 2>>({});

  private asked = new Set<string>();

  constructor(private rest: Rest) {}

  /** What cannot be had now is asked for again by whoever needs it; names stand in as ids meanwhile. */
  async load(): Promise<void> {
    await Promise.allSettled([this.loadColleagues(), this.loadGroups(), this.loadCompany(), this.loadReplies()]);
  }

  async loadColleagues(): Promise<void> {
    this.colleagues[1](await this.rest.all<Colleague>('/agents'));
  }

  async loadGroups(): Promise<void> {
    this.groups[1]((await this.rest.page<Group>('/groups')).data);
  }

  async loadCompany(): Promise<void> {
    this.company[1](await this.rest.get<Company>('/company'));
  }

  async loadReplies(): Promise<void> {
    this.replies[1](await this.rest.all<CannedReply>('/canned-replies'));
  }

  nick(aid: string): string {
    const known = this.colleagues[0]().find((colleague) => colleague.aid === aid)?.nick;
    if (known === undefined) this.meet(aid);
    return known ?? aid;
  }

  /** The name, asked for when it is not known yet: for a sentence that is said once. */
  async name(aid: string): Promise<string> {
    if (!this.colleagues[0]().some((colleague) => colleague.aid === aid)) await this.loadColleagues().catch(() => {});
    return this.nick(aid);
  }

  /** Somebody who came after the page was opened: asked for once. */
  private meet(aid: string): void {
    if (!aid || this.asked.has(aid)) return;
    this.asked.add(aid);
    // Without an answer the id stands for the name, as it does already.
    queueMicrotask(() => void this.loadColleagues().catch(() => {}));
  }

  group(id: string | undefined): string {
    return this.groups[0]().find((group) => group.id === id)?.name ?? '';
  }

  /** In which the company's days begin and end; not known: the browser's. */
  zone(): string | undefined {
    return (this.setting('zone') as string | undefined) || undefined;
  }

  setting(name: string): string | number | boolean | undefined {
    return this.company[0]()?.settings[name];
  }

  /** Consultations that an agent may have at once. */
  cap(aid: string): number | undefined {
    const own = this.colleagues[0]().find((colleague) => colleague.aid === aid)?.cap;
    const usual = this.setting('agent_cap');
    return own ?? (typeof usual === 'number' ? usual : undefined);
  }
}
