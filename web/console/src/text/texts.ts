// Every word of the console in both languages, by the part that says it.
import { admin } from './admin';
import { chat } from './chat';
import { frame } from './frame';

export const texts = { ...frame, ...chat, ...admin };

export type Key = keyof typeof texts;
