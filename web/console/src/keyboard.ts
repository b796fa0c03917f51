// What the keys do, and what they are called on this system.

export type Command = 'search' | 'mode' | 'quote' | 'file' | 'previous' | 'next' | 'next-waiting' | 'take' | 'transfer' | 'end' | 'undo' | 'order' | 'status' | 'card' | 'mine' | 'waiting' | 'all' | 'closed' | 'region' | 'sheet';

interface Combination {
  code: string;
  alt?: true;
  /** Ctrl, on a Mac also Command. */
  ctrl?: true;
  shift?: true;
}

const KEYS: Record<Command, Combination> = {
  search: { code: 'KeyK', ctrl: true },
  mode: { code: 'KeyI', alt: true },
  quote: { code: 'KeyR', alt: true },
  file: { code: 'KeyU', ctrl: true, shift: true },
  previous: { code: 'ArrowUp', alt: true },
  next: { code: 'ArrowDown', alt: true },
  'next-waiting': { code: 'ArrowDown', alt: true, shift: true },
  take: { code: 'KeyJ', alt: true },
  transfer: { code: 'KeyT', alt: true },
  end: { code: 'KeyQ', alt: true },
  undo: { code: 'KeyZ', alt: true },
  order: { code: 'KeyO', alt: true },
  status: { code: 'KeyS', alt: true },
  card: { code: 'KeyC', alt: true },
  mine: { code: 'Digit1', alt: true },
  waiting: { code: 'Digit2', alt: true },
  all: { code: 'Digit3', alt: true },
  closed: { code: 'Digit4', alt: true },
  region: { code: 'F6' },
  // By what it writes: on every keyboard it is somewhere else.
  sheet: { code: '?' },
};

export interface Pressed {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/** The command of these keys. By `code`, because Alt turns letters into others on a Mac. */
export function commandOf(pressed: Pressed): Command | undefined {
  if (pressed.key === '?' && !pressed.altKey && !pressed.ctrlKey && !pressed.metaKey) return 'sheet';
  const fits = ({ code, alt, ctrl, shift }: Combination): boolean =>
    pressed.code === code && pressed.altKey === !!alt && (pressed.ctrlKey || pressed.metaKey) === !!ctrl && pressed.shiftKey === !!shift;
  return (Object.keys(KEYS) as Command[]).find((command) => fits(KEYS[command]));
}

export function keysOf(command: Command, mac = isMac()): string {
  const { code, alt, ctrl, shift } = KEYS[command];
  if (command === 'sheet') return '?';
  const name = code.replace(/^(Key|Digit)/, '').replace('ArrowUp', '↑').replace('ArrowDown', '↓');
  if (mac) return `${ctrl ? '⌘' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${name}`;
  return [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join('+');
}

/** Ctrl+Enter under its name here. */
export function sendKeys(mac = isMac()): string {
  return mac ? '⌘Enter' : 'Ctrl+Enter';
}

/** Those of every system, for what is selected. */
export function copyKeys(mac = isMac()): string {
  return mac ? '⌘C' : 'Ctrl+C';
}

function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
}
