// How good a password is, as far as one can tell by looking at it. Pure.

export type Strength = 'empty' | 'short' | 'long' | 'known' | 'plain' | 'fair' | 'good';

export const PASSWORD_LEAST = 8;
const MOST = 200;
/** Bits from which a guess takes long, and very long. */
const FAIR_BITS = 36;
const GOOD_BITS = 60;

/** `known`: what others know of its owner, such as the login. */
export function strength(password: string, known: string[]): Strength {
  const characters = [...password];
  if (characters.length === 0) return 'empty';
  if (characters.length < PASSWORD_LEAST) return 'short';
  if (characters.length > MOST) return 'long';
  const plain = password.toLowerCase();
  if (known.some((word) => word.trim().length > 2 && plain.includes(word.trim().toLowerCase()))) return 'known';
  const found = bits(characters);
  return found < FAIR_BITS ? 'plain' : found < GOOD_BITS ? 'fair' : 'good';
}

/** May it be taken? Whether it is good is its owner's to decide. */
export function isPassword(password: string): boolean {
  return !['empty', 'short', 'long'].includes(strength(password, []));
}

/** What is left to guess when repeats and runs such as `1234` or `aaaa` cost nothing. */
function bits(characters: string[]): number {
  const each = Math.log2(pool(characters));
  let sum = 0;
  for (const [at, character] of characters.entries()) {
    const step = (character.codePointAt(0) ?? 0) - (characters[at - 1]?.codePointAt(0) ?? Number.NaN);
    const three = characters.slice(at, at + 3).join('');
    const again = at + 3 <= characters.length && characters.slice(0, at).join('').includes(three);
    sum += Math.abs(step) <= 1 || again ? 1 : each;
  }
  return sum;
}

/** Of how many characters each is one. */
function pool(characters: string[]): number {
  const text = characters.join('');
  const kinds: [RegExp, number][] = [
    [/[0-9]/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/, 33],
    [/[^\x00-\x7f]/, 1_000],
  ];
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
}
