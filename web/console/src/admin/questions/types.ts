// What an import of questions is made of.
import type { Key } from '../../text/texts';

export type Column = 'topic' | 'question' | 'answer' | 'card' | 'enabled' | 'order';

/** A topic with its questions as the server has it. */
export interface Present {
  id: string;
  title: string;
  default: boolean;
  enabled: boolean;
  order: number;
  items: { id: string; title: string; answer: string }[];
  changed: number;
}

/** One question of the file; what is left out of a topic stays as it is. */
export interface Line {
  number: number;
  topic: string;
  question: string;
  answer: string;
  card?: boolean;
  enabled?: boolean;
  order?: number;
}

export interface Reason {
  key: Key;
  values?: Record<string, string | number>;
}

/** A line that cannot be taken in. */
export interface Wrong {
  number: number;
  topic: string;
  question: string;
  answer: string;
  why: Reason;
}

export type Fate = 'added' | 'changed' | 'same' | 'removed' | 'wrong';

/** What would become of one question. */
export interface Entry {
  fate: Fate;
  /** Its line in the file; none for one that the file does not name. */
  number?: number;
  topic: string;
  question: string;
  answer: string;
  why?: Reason;
}

/** A topic as it is sent to the server. */
export interface Topic {
  title: string;
  default: boolean;
  enabled: boolean;
  order: number;
  items: { id?: string; title: string; answer: string }[];
}
