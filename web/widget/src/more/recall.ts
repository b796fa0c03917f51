// Taking back what one has said, and the words of it for writing them better.
import { createSignal } from 'solid-js';
import type { Chat } from '../chat';
import type { Item } from '../items';

/** The service grants a visitor two minutes; the clocks of both may differ a little. */
export const RECALL_MS = 120_000;

const [words, setWords] = createSignal<Record<string, string>>({});

/** What was said in a message before this page took it back; nothing after two minutes. */
export const lastWords = (id: string): string | undefined => words()[id];

export async function takeBack(chat: Chat, item: Item): Promise<void> {
  if (!(await chat.ask('recall', { id: item.id }))) return;
  if (item.mtype === 'text') {
    setWords({ ...words(), [item.id]: item.msg });
    setTimeout(() => setWords(({ [item.id]: _, ...rest }) => rest), RECALL_MS);
  }
  chat.change({ ...item, mtype: 'recalled', msg: null });
}
