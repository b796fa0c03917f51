// The large view of a picture: arrows go through the pictures of the conversation, Esc closes.
import { t } from '../text/say';

export function view(current: HTMLImageElement): void {
  const pictures = [...document.querySelectorAll<HTMLImageElement>('.pic:not(.is-broken) img')];
  let at = Math.max(0, pictures.indexOf(current));
  const dialog = document.createElement('dialog');
  dialog.className = 'viewer';
  dialog.setAttribute('aria-label', t('picture_large'));
  const large = document.createElement('img');
  large.alt = t('picture');
  const close = tool('x', 'close', () => dialog.close());
  const back = tool('left', 'previous', () => turn(-1));
  const forth = tool('right', 'next', () => turn(1));
  dialog.append(large, back, forth, close);

  function turn(by: number): void {
    at = Math.min(pictures.length - 1, Math.max(0, at + by));
    large.src = (pictures[at] ?? current).src;
    back.hidden = at === 0;
    forth.hidden = at >= pictures.length - 1;
  }
  dialog.addEventListener('keydown', ({ key }) => (key === 'ArrowLeft' ? turn(-1) : key === 'ArrowRight' && turn(1)));
  dialog.addEventListener('click', ({ target }) => (target === dialog || target === large) && dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    current.closest('button')?.focus();
  });
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
  close.focus();
}

function tool(name: string, words: 'close' | 'previous' | 'next', act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `ib xl ${words}`;
  button.setAttribute('aria-label', t(words));
  button.title = t(words);
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('class', 'i');
  const use = document.createElementNS(icon.namespaceURI!, 'use');
  use.setAttribute('href', `#i-${name}`);
  icon.append(use);
  button.append(icon);
  button.addEventListener('click', act);
  return button;
}
