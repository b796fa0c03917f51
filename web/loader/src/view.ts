// What stands on the host's page: a launcher with the count of what is unread, and a panel that holds the visitor's page.
// No style attribute and no style element: hosts with a strict policy allow neither.
import style from './launcher.css';
import type { Look } from './messages';
import type { Words } from './words';

const SVG = 'http://www.w3.org/2000/svg';
const CHAT = 'M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2h-6l-3.7 3v-3a1.3 1.3 0 0 1-1.3-1.3z';
const DOWN = 'm5 7.8 5 4.9 5-4.9';

export interface Shown extends Omit<Look, 'gap'> {
  gap: number | string;
  theme?: string | undefined;
  launcher: boolean;
  /** It is not known yet where any of it is to stand. */
  nowhere: boolean;
  open: boolean;
  /** The page in the panel has spoken. */
  spoken?: boolean;
  unread: number;
  /** What a phone's keyboard leaves of the window. */
  top: string;
  seen: string;
  /** Where the page is besides, when it does not speak. */
  elsewhere: URL | false | undefined;
}

export interface View {
  /** Where the focus is when it is in what we have drawn. */
  host: HTMLElement;
  panel: HTMLElement;
  launcher: HTMLElement;
  draw(shown: Shown): void;
}

export function makeView(words: Words, pressed: () => void, escaped: () => void): View {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const aside = add('aside', root);
  const panel = add('section', aside);
  const launcher = add('button', aside);
  const svg = launcher.appendChild(document.createElementNS(SVG, 'svg'));
  const icon = svg.appendChild(document.createElementNS(SVG, 'path'));
  const label = add('span', launcher);
  const count = add('b', launcher);
  const link = add('a', panel);

  svg.setAttribute('viewBox', '0 0 20 20');
  link.target = '_blank';
  link.textContent = words.chat + ' ↗';
  label.dir = 'auto';
  panel.role = 'dialog';
  panel.ariaLabel = aside.ariaLabel = words.chat;
  launcher.type = 'button';
  launcher.onclick = pressed;
  host.onkeydown = ({ key }) => {
    if (key === 'Escape') escaped();
  };
  if (root.adoptedStyleSheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } else add('style', root).textContent = style; // Safari before 16.4, where a strict policy leaves the launcher plain
  // Beside the body: out of the way of scripts that replace what is in it.
  document.documentElement.append(host);

  return {
    host,
    panel,
    launcher,
    draw(shown) {
      const { open, unread, text } = shown;
      const mirrored = getComputedStyle(document.body).direction === 'rtl';
      aside.dir = (shown.side === 'left') !== mirrored ? 'rtl' : 'ltr';
      aside.className = `${open ? 'open' : ''} ${shown.spoken ? 'spoken' : ''}`;
      aside.style.cssText = `--accent:${shown.accent};--gap:${shown.gap}px;--top:${shown.top};--seen:${shown.seen};color-scheme:${shown.theme || 'light dark'}`;
      aside.hidden = shown.nowhere;
      launcher.hidden = !shown.launcher;
      launcher.ariaLabel = (text || words.chat) + (unread ? `, ${unread} ${words.unread}` : '');
      launcher.ariaExpanded = `${open}`;
      icon.setAttribute('d', open ? DOWN : CHAT);
      label.textContent = text;
      count.textContent = unread > 99 ? '99+' : `${unread || ''}`;
      link.hidden = !shown.elsewhere;
      link.href = `${shown.elsewhere}`;
    },
  };
}

function add<K extends keyof HTMLElementTagNameMap>(name: K, to: Node): HTMLElementTagNameMap[K] {
  return to.appendChild(document.createElement(name));
}
