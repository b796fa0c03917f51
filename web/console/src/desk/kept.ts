// What one has written and not sent yet, kept in this browser by account and room, so that neither reload nor crash loses it.
import { keep, kept } from '../../../start/src/kept';

/** A message on its way. The id makes any number of sendings one message. */
export interface Unsent {
  id: string;
  roomid: string;
  type: 'text' | 'image' | 'file';
  msg: unknown;
  quote?: string;
  time: number;
}

export interface Draft {
  text: string;
  note: string;
  /** The note that is being saved: nobody has to write it again, unless that fails. */
  saving: string;
}

export const EMPTY: Draft = { text: '', note: '', saving: '' };

export class Kept {
  constructor(private aid: string) {}

  draft(roomid: string): Draft {
    return { ...EMPTY, ...this.read<Partial<Draft>>(`draft.${roomid}`, {}) };
  }

  keepDraft(roomid: string, draft: Draft): void {
    this.write(`draft.${roomid}`, draft.text || draft.note || draft.saving ? draft : null);
  }

  unsent(): Unsent[] {
    return this.read<Unsent[]>('unsent', []);
  }

  add(message: Unsent): void {
    this.write('unsent', [...this.unsent().filter(({ id }) => id !== message.id), message]);
  }

  drop(id: string): void {
    const rest = this.unsent().filter((message) => message.id !== id);
    this.write('unsent', rest.length > 0 ? rest : null);
  }

  private read<T>(name: string, otherwise: T): T {
    try {
      return (JSON.parse(kept(this.key(name)) ?? 'null') as T | null) ?? otherwise;
    } catch {
      return otherwise; // not what we wrote: as if nothing were there
    }
  }

  private write(name: string, value: unknown): void {
    keep(this.key(name), value === null ? null : JSON.stringify(value));
  }

  private key(name: string): string {
    return `nodechat.console.${this.aid}.${name}`;
  }
}
