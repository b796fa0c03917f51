// Questions as a CSV file, one question on each line: read however a spreadsheet has written it, and written so that one shows it right. Pure.
import Papa from 'papaparse';
import type { Column, Line, Present, Reason, Wrong } from './types';

/** What the columns are called, in both languages; the first of each is what is written. */
const NAMES: Record<Column, { zh: string[]; en: string[] }> = {
  topic: { zh: ['分类'], en: ['Topic', 'Category'] },
  question: { zh: ['问题', '标题'], en: ['Question', 'Title'] },
  answer: { zh: ['答案', '回答'], en: ['Answer'] },
  card: { zh: ['欢迎卡片'], en: ['Welcome card', 'Default'] },
  enabled: { zh: ['启用'], en: ['Enabled'] },
  order: { zh: ['顺序'], en: ['Order'] },
};
const COLUMNS = Object.keys(NAMES) as Column[];
const NEEDED: Column[] = ['topic', 'question', 'answer'];
const SEPARATORS = [',', ';', '\t', '，'];
const YES = ['是', '开', 'yes', 'y', 'true', '1', 'on'];
const NO = ['否', '关', 'no', 'n', 'false', '0', 'off'];
const TITLE_CHARS = 200;
const ANSWER_CHARS = 10_000;

/** A spreadsheet takes a text that begins so for a formula; a `'` before it says that it is none. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const BOM = '\u{feff}';

export type Language = 'zh' | 'en';

export interface Read {
  lines: Line[];
  wrong: Wrong[];
}

/** `missing`: the columns that it has to have and has not. */
export function read(text: string): Read | { missing: Column[] } {
  const heads = SEPARATORS.map((separator) => ({ separator, columns: columnsOf(firstRow(text, separator)) }));
  const lacks = ({ columns }: { columns: (Column | undefined)[] }): Column[] => NEEDED.filter((name) => !columns.includes(name));
  const head = heads.sort((one, other) => lacks(one).length - lacks(other).length)[0];
  if (!head || lacks(head).length > 0) return { missing: head ? lacks(head) : NEEDED };

  const found: Read = { lines: [], wrong: [] };
  for (const [at, { number, cells, broken }] of rows(text, head.separator).entries()) {
    if (at === 0 || cells.every((cell) => cell.trim() === '')) continue;
    const line = lineOf(number, cells, head.columns, broken);
    if ('why' in line) found.wrong.push(line);
    else found.lines.push(line);
  }
  return found;
}

export function write(questions: Present[], language: Language): string {
  const word = (yes: boolean): string => (language === 'zh' ? (yes ? '是' : '否') : yes ? 'yes' : 'no');
  const body = questions.flatMap(({ title, items, ...of }) => items.map((item) => [title, item.title, item.answer, word(of.default), word(of.enabled), String(of.order)]));
  return sheet(language, body);
}

/** A file to begin with: the columns and two lines that show how they are filled in. */
export function template(language: Language): string {
  const zh = [
    ['退换货', '怎么申请退款？', '在订单页面点“申请退款”，三个工作日内到账。', '是', '是', '1'],
    ['退换货', '换货要多久？', '收到退回的商品后三天内寄出。', '', '', ''],
  ];
  const en = [
    ['Returns', 'How do I get a refund?', 'Press “Refund” on the page of your order. It takes three working days.', 'yes', 'yes', '1'],
    ['Returns', 'How long does an exchange take?', 'We send the other one within three days.', '', '', ''],
  ];
  return sheet(language, language === 'zh' ? zh : en);
}

export function nameOf(column: Column, language: Language): string {
  return NAMES[column][language][0] ?? column;
}

function sheet(language: Language, body: string[][]): string {
  const fields = COLUMNS.map((column) => nameOf(column, language));
  return BOM + Papa.unparse({ fields, data: body }, { newline: '\r\n', escapeFormulae: FORMULA });
}

function firstRow(text: string, delimiter: string): string[] {
  return Papa.parse<string[]>(text, { delimiter, preview: 1 }).data[0] ?? [];
}

function columnsOf(head: string[]): (Column | undefined)[] {
  const said = head.map((cell) => cell.trim().toLowerCase());
  return said.map((name) => COLUMNS.find((column) => [...NAMES[column].zh, ...NAMES[column].en].some((known) => known.toLowerCase() === name)));
}

interface Row {
  /** The line of the file on which it begins, from 1. */
  number: number;
  cells: string[];
  /** Its quotes do not close. */
  broken: boolean;
}

function rows(text: string, delimiter: string): Row[] {
  const found: Row[] = [];
  let number = 1;
  let begin = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    step: ({ data, errors, meta }) => {
      found.push({ number, cells: data, broken: errors.some(({ type }) => type === 'Quotes') });
      number += breaks(text.slice(begin, meta.cursor));
      begin = meta.cursor;
    },
  });
  return found;
}

function breaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function lineOf(number: number, cells: string[], columns: (Column | undefined)[], broken: boolean): Line | Wrong {
  const cell = (name: Column): string => {
    const text = (cells[columns.indexOf(name)] ?? '').trim();
    return FORMULA.test(text) && text.startsWith("'") ? text.slice(1) : text;
  };
  // A title is one line, however many its cell has.
  const title = (name: Column): string => cell(name).replace(/\s*[\r\n\t\v\f]\s*/g, ' ');
  const [topic, question, answer] = [title('topic'), title('question'), cell('answer')];
  const wrong = (reason: Reason): Wrong => ({ number, topic, question, answer, why: reason });
  if (broken) return wrong({ key: 'csv_quotes' });
  if (cells.slice(columns.length).some((extra) => extra.trim() !== '')) return wrong({ key: 'csv_too_many', values: { n: cells.length, most: columns.length } });
  if (!topic) return wrong({ key: 'csv_no_topic' });
  if (!question) return wrong({ key: 'csv_no_question' });
  if (!answer) return wrong({ key: 'csv_no_answer' });
  if (/\p{Cc}/u.test(topic + question)) return wrong({ key: 'csv_control' });
  if (length(topic) > TITLE_CHARS) return wrong({ key: 'csv_long_topic', values: { n: length(topic), most: TITLE_CHARS } });
  if (length(question) > TITLE_CHARS) return wrong({ key: 'csv_long_question', values: { n: length(question), most: TITLE_CHARS } });
  if (length(answer) > ANSWER_CHARS) return wrong({ key: 'csv_long_answer', values: { n: length(answer), most: ANSWER_CHARS } });
  const [card, enabled, order] = [flag(cell('card')), flag(cell('enabled')), cell('order')];
  if (card === 'neither') return wrong({ key: 'csv_no_flag', values: { what: cell('card') } });
  if (enabled === 'neither') return wrong({ key: 'csv_no_flag', values: { what: cell('enabled') } });
  if (!/^-?\d{0,9}$/.test(order) || order === '-') return wrong({ key: 'csv_no_number', values: { what: order } });
  return {
    number,
    topic,
    question,
    answer,
    ...(card !== undefined && { card }),
    ...(enabled !== undefined && { enabled }),
    ...(order && { order: Number(order) }),
  };
}

function flag(text: string): boolean | undefined | 'neither' {
  const said = text.toLowerCase();
  if (said === '') return undefined;
  return YES.includes(said) ? true : NO.includes(said) ? false : 'neither';
}

/** Characters as the server counts them. */
function length(text: string): number {
  return [...text].length;
}
