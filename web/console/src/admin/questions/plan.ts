// What an import would make of the questions that are there: told line by line before anything is saved. Pure.
import type { Entry, Fate, Line, Present, Reason, Topic, Wrong } from './types';

export interface Plan {
  entries: Entry[];
  counts: Record<Fate, number>;
  /** All questions as they are to be. */
  topics: Topic[];
}

const ITEMS_MOST = 100;

/** `drop`: questions that the file does not name go. */
export function plan(present: Present[], lines: Line[], wrong: Wrong[], drop: boolean): Plan {
  const book = new Book(present);
  const entries: Entry[] = wrong.map((line) => ({ ...line, fate: 'wrong' }));
  for (const line of lines) entries.push(book.take(line));
  entries.sort((one, other) => (one.number ?? 0) - (other.number ?? 0));
  if (drop) entries.push(...book.drop());
  const counts: Record<Fate, number> = { added: 0, changed: 0, same: 0, removed: 0, wrong: 0 };
  for (const { fate } of entries) counts[fate] += 1;
  return { entries, counts, topics: book.topics.filter(({ items }) => items.length > 0) };
}

/** Where a line of the file said something of its topic first. */
interface Said {
  value: boolean | number;
  number: number;
}

const OF_TOPIC = [
  ['card', 'default'],
  ['enabled', 'enabled'],
  ['order', 'order'],
] as const;

class Book {
  readonly topics: Topic[];
  /** Line of the file by topic and question. */
  private readonly named = new Map<string, number>();
  private readonly said = new Map<string, Said>();

  constructor(present: Present[]) {
    this.topics = present.map(({ title, order, items, ...of }) => ({ title, default: of.default, enabled: of.enabled, order, items: items.map((item) => ({ ...item })) }));
  }

  take(line: Line): Entry {
    const { number, topic: title, question, answer } = line;
    const entry = (fate: Fate, why?: Reason): Entry => ({ number, topic: title, question, answer, fate, ...(why && { why }) });
    const key = keyOf(title, question);
    const before = this.named.get(key);
    if (before !== undefined) return entry('wrong', { key: 'csv_twice', values: { line: before } });
    const other = this.contradicted(line);
    if (other !== undefined) return entry('wrong', { key: 'csv_otherwise', values: { line: other } });

    // A topic may stand twice; the question is looked for in each of them.
    const same = this.topics.filter((topic) => topic.title === title);
    const item = same.flatMap(({ items }) => items).find((one) => one.title === question);
    const holder = same.find(({ items }) => item && items.includes(item)) ?? same[0];
    if (!item && holder && holder.items.length >= ITEMS_MOST) return entry('wrong', { key: 'csv_full', values: { most: ITEMS_MOST } });
    this.named.set(key, number);
    const topic = holder ?? this.begin(title);
    const otherwise = this.set(topic, line);
    if (!item) {
      topic.items.push({ title: question, answer });
      return entry('added', holder ? undefined : { key: 'csv_new_topic' });
    }
    if (item.answer !== answer) {
      const why: Reason = { key: 'csv_answer_was', values: { answer: item.answer } };
      item.answer = answer;
      return entry('changed', why);
    }
    return otherwise ? entry('changed', { key: 'csv_topic_changes' }) : entry('same');
  }

  /** Takes out what no line has named. */
  drop(): Entry[] {
    const gone: Entry[] = [];
    for (const topic of this.topics) {
      const stays = ({ title }: { title: string }): boolean => this.named.has(keyOf(topic.title, title));
      for (const { title, answer } of topic.items) if (!stays({ title })) gone.push({ fate: 'removed', topic: topic.title, question: title, answer });
      topic.items = topic.items.filter(stays);
    }
    return gone;
  }

  private begin(title: string): Topic {
    const order = Math.max(0, ...this.topics.map((topic) => topic.order)) + 1;
    const topic: Topic = { title, default: true, enabled: true, order, items: [] };
    this.topics.push(topic);
    return topic;
  }

  /** The line above that says something else of the same topic. */
  private contradicted(line: Line): number | undefined {
    for (const [name] of OF_TOPIC) {
      const said = this.said.get(keyOf(line.topic, name));
      if (said && line[name] !== undefined && said.value !== line[name]) return said.number;
    }
    return undefined;
  }

  /** Tells whether the topic is another one now. */
  private set(topic: Topic, line: Line): boolean {
    let otherwise = false;
    for (const [name, own] of OF_TOPIC) {
      const value = line[name];
      if (value === undefined) continue;
      if (!this.said.has(keyOf(line.topic, name))) this.said.set(keyOf(line.topic, name), { value, number: line.number });
      otherwise ||= topic[own] !== value;
      Object.assign(topic, { [own]: value });
    }
    return otherwise;
  }
}

function keyOf(topic: string, question: string): string {
  return JSON.stringify([topic, question]);
}
