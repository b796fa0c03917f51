// A company's accent keeps its hue and can be read, whatever it was.
import { describe, expect, it } from 'vitest';
import { contrastOf, darkened, shadesOf } from '../../ui/accent';

const ACCENTS = ['#ffffff', '#000000', '#ffd400', '#ff5a1f', '#ff0000', '#00ff00', '#0000ff', '#1677ff', '#16a34a', '#7c3aed', '#f9a8d4', '#808080', '#0f5b66'];
const PAPER = { light: ['#ffffff', '#f5f5f2'], dark: ['#171e20', '#111718', '#1f282a'] };

describe.each(ACCENTS)('accent %s', (accent) => {
  it('carries white words', () => {
    expect(contrastOf(darkened(accent)!, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['light', 'dark'] as const)('can be read in the %s theme wherever it stands', (theme) => {
    const shades = shadesOf(accent)![theme];
    for (const paper of [...PAPER[theme], shades['--accent-soft']!]) {
      expect(contrastOf(shades['--accent']!, paper)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(shades['--accent-hover']!, paper)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrastOf(shades['--on-accent']!, shades['--accent']!)).toBeGreaterThanOrEqual(4.5);
    expect(contrastOf(shades['--bubble-out-ink']!, shades['--bubble-out']!)).toBeGreaterThanOrEqual(4.5);
  });
});

it('what is dark enough stays as it is', () => {
  expect(darkened('#0f5b66')).toBe('#0f5b66');
});

it('the hue stays', () => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(darkened('#ff8000')!.slice(at, at + 2), 16)) as [number, number, number];
  expect(b).toBe(0);
  expect(g / r).toBeCloseTo(0.5, 1);
});

it.each(['', 'red', '#fff', '#12345g', 'url(x)', '#000000;x'])('%j is no colour', (text) => {
  expect(darkened(text)).toBeUndefined();
  expect(shadesOf(text)).toBeUndefined();
});
