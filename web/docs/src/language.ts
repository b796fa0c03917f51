// Keeps the language that somebody switches to, for the manual and for the start page.
import { keepLanguage } from './kept';

for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
  link.addEventListener('click', () => keepLanguage(link.dataset.language ?? ''));
}
