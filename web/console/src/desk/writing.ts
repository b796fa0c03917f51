// What is being written in one room: a reply and a note, kept until they are sent or saved, also while another room is open.
import { createSignal } from 'solid-js';
import { EMPTY, type Draft, type Kept } from './kept';

export class Writing {
  readonly draft = createSignal<Draft>(EMPTY);

  constructor(
    private roomid: string,
    private kept: Kept,
  ) {}

  /** As it was left, here or in another tab. */
  reopen(): void {
    const { saving } = this.draft[0]();
    const left = this.kept.draft(this.roomid);
    // Nobody knows whether a note was saved that a page was closed over.
    this.draft[1](saving ? { ...left, saving } : { ...left, note: joined(left.saving, left.note), saving });
  }

  write(change: Partial<Draft>): void {
    const draft = { ...this.draft[0](), ...change };
    this.draft[1](draft);
    this.kept.keepDraft(this.roomid, draft);
  }

  /** Saves the note; one that was refused stands again before what was written since. */
  async save(by: (note: string) => Promise<boolean>): Promise<boolean> {
    const { note } = this.draft[0]();
    this.write({ note: '', saving: note });
    const saved = await by(note);
    this.write({ note: joined(saved ? '' : note, this.draft[0]().note), saving: '' });
    return saved;
  }
}

/** One below the other. */
export function joined(first: string, then: string): string {
  return [first, then].filter((text) => text.trim() !== '').join('\n');
}
