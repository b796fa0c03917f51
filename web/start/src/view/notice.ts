// What stands where the log would be: loading, nothing there, refused, failed, demo off.
import { el, icon } from '../dom';

export function notice(parts: { icon: string; title: string; text: string; button?: { words: string; act(): void }; detail?: HTMLElement }): HTMLElement {
  const box = el('div', { class: 'notice', role: 'status' }, icon(parts.icon, 'lg'), el('p', { class: 't14 b' }, parts.title), el('p', { class: 't13 m' }, parts.text));
  if (parts.detail) box.append(parts.detail);
  if (parts.button) {
    const button = el('button', { class: 'btn', type: 'button' }, icon('retry'), parts.button.words);
    button.addEventListener('click', parts.button.act);
    box.append(button);
  }
  return box;
}

/** Grey bars in the final layout; the style sheet lets them appear after 300 ms only. */
export function skeleton(words: string): HTMLElement {
  const run = (side: string, ...widths: string[]): HTMLElement => el('div', { class: `bones ${side}` }, ...widths.map((width) => el('i', { class: width })));
  return el('div', { class: 'skeleton', role: 'status' }, el('span', { class: 'sr' }, words), run('in', 'w60', 'w40'), run('out', 'w50'), run('in', 'w70'), run('out', 'w30', 'w60'));
}
