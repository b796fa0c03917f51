// A file in words: its name cut in the middle, its ending, its size, its limit.

/** How large a picture or a file may be; the server has the last word. */
export const LIMITS_BYTES = { image: 10 * 1024 * 1024, file: 50 * 1024 * 1024 } as const;

export const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** The two parts of a name: the first may be cut off with an ellipsis, the second (the ending) always stays. */
export function splitName(name: string, stay = 8): [start: string, ending: string] {
  const characters = [...new Intl.Segmenter().segment(name)].map((part) => part.segment);
  if (characters.length <= stay * 2) return [name, ''];
  return [characters.slice(0, -stay).join(''), characters.slice(-stay).join('')];
}

/** The ending for the sheet of a file: at most four letters, none when the name has none. */
export function extension(name: string): string {
  const match = /\.([A-Za-z0-9]{1,4})$/.exec(name);
  return match?.[1]?.toUpperCase() ?? '';
}

/** `84 KB`, `3.1 MB`: one figure after the point below 10 MB. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  if (Math.round(kilobytes) < 1024) return `${Math.round(kilobytes)} KB`;
  const megabytes = kilobytes / 1024;
  return megabytes < 10 && megabytes.toFixed(1) !== '10.0' && !megabytes.toFixed(1).endsWith('.0')
    ? `${megabytes.toFixed(1)} MB`
    : `${Math.round(megabytes)} MB`;
}
