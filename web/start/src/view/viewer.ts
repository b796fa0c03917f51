// The large view of a picture: arrows go through the pictures of the conversation, Esc closes.
import { el, icon } from '../dom';
import { t } from '../text/language';

/** Opens at `current`; `pictures` are the images of the log in their order. */
export function view(current: HTMLImageElement, pictures: HTMLImageElement[]): void {
  let at = Math.max(0, pictures.indexOf(current));
  const large = el('img', { alt: t('picture') });
  const close = tool('x', t('close'), () => dialog.close());
  const back = tool('left', t('previous'), () => turn(-1));
  const forth = tool('right', t('next'), () => turn(1));
  back.classList.add('back');
  forth.classList.add('forth');
  close.classList.add('close');
  const dialog = el('dialog', { class: 'viewer', 'aria-label': t('view') }, large, back, forth, close);

  function turn(by: number): void {
    at = Math.min(pictures.length - 1, Math.max(0, at + by));
    large.src = pictures[at]?.src ?? current.src;
    back.hidden = at === 0;
    forth.hidden = at >= pictures.length - 1;
  }

  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') turn(-1);
    if (event.key === 'ArrowRight') turn(1);
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target === large) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    current.closest('button')?.focus();
  });
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
  close.focus();
}

function tool(name: string, words: string, act: () => void): HTMLButtonElement {
  const button = el('button', { class: 'ib xl', type: 'button', 'aria-label': words, title: words }, icon(name));
  button.addEventListener('click', act);
  return button;
}
