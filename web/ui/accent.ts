// A company's own accent, made readable: the hue stays, and the tokens that are made of it have the contrasts that the design asks for.

type Rgb = [number, number, number];
type Tokens = Record<string, string>;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
/** `surface` and `surface-raised` of the dark theme, and `bubble-out-ink` on it. */
const NIGHT: Rgb = [23, 30, 32];
const RAISED: Rgb = [31, 40, 42];
const PALE: Rgb = [234, 245, 246];

/** `#rrggbb`, scaled down until white on it reaches `least`:1; undefined for what is no colour. */
export function darkened(colour: string, least = 4.5): string | undefined {
  let rgb = read(colour);
  if (!rgb) return undefined;
  // Scaled alike, the three keep their hue.
  while (contrast(rgb, WHITE) < least) rgb = rgb.map((part) => part * 0.98) as Rgb;
  return written(rgb);
}

/** The tokens of both themes; undefined for what is no colour. */
export function shadesOf(accent: string): { light: Tokens; dark: Tokens } | undefined {
  // A little more than white on it needs, because it stands as words on its own tint as well.
  const base = read(darkened(accent, 5.6) ?? '');
  if (!base) return undefined;
  // On a dark ground what is bright already may stay as it is.
  const bright = towards(read(accent)!, WHITE, (rgb) => contrast(rgb, RAISED) >= 6.4);
  const own = towards(base, WHITE, (rgb) => contrast(rgb, NIGHT) >= 1.9 || contrast(rgb, PALE) <= 4.7);
  return {
    light: tokens(base, mixed(base, BLACK, 0.2), mixed(base, WHITE, 0.88), mixed(base, WHITE, 0.6), WHITE, base, WHITE),
    dark: tokens(bright, mixed(bright, WHITE, 0.25), mixed(base, NIGHT, 0.72), mixed(base, NIGHT, 0.4), mixed(base, BLACK, 0.62), own, PALE),
  };
}

/** Of WCAG 2.2, of two colours `#rrggbb`: from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(read(one) ?? BLACK, read(other) ?? BLACK);
}

function tokens(accent: Rgb, hover: Rgb, soft: Rgb, line: Rgb, on: Rgb, bubble: Rgb, ink: Rgb): Tokens {
  const named = { accent, 'accent-hover': hover, 'accent-soft': soft, 'accent-line': line, 'on-accent': on, 'bubble-out': bubble, 'bubble-out-ink': ink };
  return Object.fromEntries(Object.entries(named).map(([name, rgb]) => [`--${name}`, written(rgb)]));
}

function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, at) => part + (other[at]! - part) * share) as Rgb;
}

/** The first step on the way that will do. */
function towards(from: Rgb, to: Rgb, enough: (rgb: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const rgb = mixed(from, to, share);
    if (enough(rgb)) return rgb;
  }
  return to;
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function read(colour: string): Rgb | undefined {
  const [, digits] = /^#([\da-f]{6})$/i.exec(colour) ?? [];
  return digits ? ([0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16)) as Rgb) : undefined;
}

function written(rgb: Rgb): string {
  return '#' + rgb.map((part) => (256 + Math.floor(part)).toString(16).slice(1)).join('');
}
