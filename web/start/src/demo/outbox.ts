// What was written and is not on the server yet, kept over a reload; sent again under the same id it cannot arrive twice.
import { keep, kept } from '../kept';

export interface Unsent {
  id: string;
  mtype: string;
  msg: string;
  time: number;
}

export class Outbox {
  private name: string | null = null;
  private list: Unsent[] = [];

  /** Belongs to this room from now on; answers what was left there last time. */
  open(name: string): Unsent[] {
    this.name = `nodechat.unsent.${name}`;
    this.list = read(kept(this.name));
    return [...this.list];
  }

  add(unsent: Unsent): void {
    this.list = this.list.filter((one) => one.id !== unsent.id).concat(unsent);
    this.write();
  }

  remove(id: string): void {
    this.list = this.list.filter((one) => one.id !== id);
    this.write();
  }

  private write(): void {
    if (this.name) keep(this.name, this.list.length > 0 ? JSON.stringify(this.list) : null);
  }
}

function read(text: string | null): Unsent[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isUnsent) : [];
  } catch {
    return []; // not ours, or cut off by a full disk: nothing that could be sent
  }
}

function isUnsent(value: unknown): value is Unsent {
  const unsent = value as Partial<Unsent> | null;
  return typeof unsent?.id === 'string' && typeof unsent.mtype === 'string' && typeof unsent.msg === 'string' && typeof unsent.time === 'number';
}
