// The text of a file, in whichever encoding a spreadsheet has written it. Pure.

export type Encoding = 'UTF-8' | 'UTF-16' | 'GB18030';

/** Undefined when it is no text in any of them. */
export function decode(bytes: Uint8Array): { text: string; encoding: Encoding } | undefined {
  const begins = (...mark: number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  // What Excel calls Unicode text.
  if (begins(0xff, 0xfe)) return read(bytes, 'utf-16le', 'UTF-16');
  if (begins(0xfe, 0xff)) return read(bytes, 'utf-16be', 'UTF-16');
  // UTF-8 is tried first: hardly any GB18030 text is valid UTF-8 by chance, while nearly every UTF-8 text is valid GB18030.
  return read(bytes, 'utf-8', 'UTF-8') ?? read(bytes, 'gb18030', 'GB18030');
}

function read(bytes: Uint8Array, label: string, encoding: Encoding): { text: string; encoding: Encoding } | undefined {
  try {
    // A byte order mark is left out by the decoder.
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : { text, encoding };
  } catch {
    return undefined; // not this encoding: the next one is tried
  }
}
