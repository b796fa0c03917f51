// Where one writes: Enter sends (never while an input method composes), pictures and files by button, paste or drop.
import { el, icon } from '../dom';
import { PICTURES } from '../demo/file';
import { keep, kept } from '../kept';
import { onLanguage, sayAll, t } from '../text/language';
import { menu } from './menu';

export interface ComposerActions {
  text(content: string): void;
  files(kind: 'image' | 'file', files: File[]): void;
}

export const TEXT_LIMIT = 10_000;

/** `panel` is the visitor's slim line, `desk` the agent's box with a row of tools. */
export class Composer {
  private readonly box: HTMLTextAreaElement;
  private readonly hint: HTMLElement;
  private readonly go: HTMLButtonElement;
  private draftName: string | null = null;

  constructor(
    private readonly root: HTMLElement,
    style: 'panel' | 'desk',
    private readonly actions: ComposerActions,
  ) {
    this.box = el('textarea', { rows: 1, class: 'box', enterkeyhint: 'send', autocomplete: 'off', dir: 'auto' });
    this.hint = el('p', { class: 'too-long', role: 'status' });
    this.go = el('button', { type: 'submit', class: style === 'panel' ? 'go' : 'btn pri' });
    const picture = picker('image', PICTURES.join(','), actions);
    const file = picker('file', '', actions);
    const form = el('form', { class: `cmp ${style}` }, picture, file);
    form.append(...(style === 'panel' ? this.panel(picture, file) : this.desk(picture, file)), el('span', { class: 'drop', 'aria-hidden': 'true', 'data-t': 'drop' }));
    root.replaceChildren(this.hint, form);

    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener('keydown', (event) => {
      const composing = event.isComposing || event.keyCode === 229; // 229: Safari's Enter that ends the composition
      if (event.key !== 'Enter' || event.shiftKey || composing) return;
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener('input', () => this.changed());
    this.box.addEventListener('paste', (event) => this.take(event.clipboardData, event));
    this.dropping(form);
    onLanguage(() => this.say());
    this.say();
    this.changed();
  }

  /** From now on the draft belongs to this room, and what was left there last time is back. */
  keepDraftFor(name: string): void {
    this.draftName = `nodechat.draft.${name}`;
    if (this.box.value === '') this.box.value = kept(this.draftName) ?? '';
    this.changed();
  }

  show(shown: boolean): void {
    this.root.hidden = !shown;
  }

  focus(): void {
    this.box.focus({ preventScroll: true });
  }

  private submit(): void {
    const content = this.box.value.trim();
    if (content === '' || characters(content) > TEXT_LIMIT) return;
    this.box.value = '';
    this.changed();
    this.actions.text(content);
    this.focus();
  }

  private changed(): void {
    const length = characters(this.box.value.trim());
    this.go.disabled = length === 0 || length > TEXT_LIMIT;
    this.hint.textContent = length > TEXT_LIMIT ? t('too_long', { n: length, limit: TEXT_LIMIT }) : '';
    if (this.draftName) keep(this.draftName, this.box.value || null);
    this.box.style.height = 'auto';
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  private say(): void {
    this.box.placeholder = t('write');
    this.box.setAttribute('aria-label', t('write'));
    if (!this.go.matches('.pri')) this.go.setAttribute('aria-label', t('send'));
    this.go.title = `${t('send')} (Enter)`;
    sayAll(this.root);
  }

  private panel(picture: HTMLInputElement, file: HTMLInputElement): HTMLElement[] {
    const more = el('button', { class: 'ib xl', type: 'button', 'data-t-label': 'attach' }, icon('plus', 'lg'));
    menu(more, () => [
      { icon: 'image', words: t('attach_picture'), pick: () => picture.click() },
      { icon: 'clip', words: t('attach_file'), pick: () => file.click() },
    ]);
    this.go.append(icon('send', 'lg'));
    return [el('div', { class: 'with-menu up' }, more), this.box, this.go];
  }

  private desk(picture: HTMLInputElement, file: HTMLInputElement): HTMLElement[] {
    const tool = (name: string, key: string, input: HTMLInputElement): HTMLElement => {
      const button = el('button', { class: 'ib', type: 'button', 'data-t-label': key }, icon(name));
      button.addEventListener('click', () => input.click());
      return button;
    };
    this.go.append(el('span', { 'data-t': 'send' }), el('kbd', { 'aria-hidden': 'true' }, 'Enter'));
    const hint = el('span', { class: 'end t12 m newline', 'data-t': 'newline_hint' });
    return [this.box, el('div', { class: 'tools' }, tool('image', 'attach_picture', picture), tool('clip', 'attach_file', file), hint, this.go)];
  }

  private dropping(form: HTMLElement): void {
    const area = document.documentElement;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    area.addEventListener('dragover', (event) => {
      if (!carriesFiles(event) || this.root.hidden) return;
      event.preventDefault();
      form.classList.add('is-drop');
    });
    area.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) form.classList.remove('is-drop');
    });
    area.addEventListener('drop', (event) => {
      form.classList.remove('is-drop');
      if (!this.root.hidden) this.take(event.dataTransfer, event);
    });
  }

  private take(data: DataTransfer | null, event: Event): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    for (const file of files) this.actions.files(PICTURES.includes(file.type) ? 'image' : 'file', [file]);
  }
}

function picker(kind: 'image' | 'file', accept: string, actions: ComposerActions): HTMLInputElement {
  const input = el('input', { type: 'file', hidden: true, multiple: true, accept: accept || null, 'data-kind': kind });
  input.addEventListener('change', () => {
    actions.files(kind, [...(input.files ?? [])]);
    input.value = ''; // so that the same file can be chosen again
  });
  return input;
}

/** As the server counts them: a character outside the basic plane is one. */
function characters(text: string): number {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}
