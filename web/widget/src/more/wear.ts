// The accent of a company that has its own, on its visitors' page.
import { shadesOf } from '../../../ui/accent';

const sheet = new CSSStyleSheet();

/** Empty, or no colour: ours. */
export function wear(accent: string): void {
  const shades = shadesOf(accent);
  const rule = (selector: string, tokens: Record<string, string>): string =>
    `${selector} { ${Object.entries(tokens).map(([name, value]) => `${name}: ${value};`).join(' ')} }`;
  const rules = shades && [
    rule(':root', shades.light),
    rule(':root[data-theme="dark"]', shades.dark),
    `@media (prefers-color-scheme: dark) { ${rule(':root:not([data-theme])', shades.dark)} }`,
  ];
  sheet.replaceSync(rules ? rules.join('\n') : '');
  // Behind the page's own sheet, which has the tokens that are ours.
  document.adoptedStyleSheets = [sheet];
}
