// How the panel is closed from inside: by a button that is there before anything else is, and by Esc.

const WORDS = { zh: '收起对话', en: 'Close chat' };
/** What Esc closes first. */
const ABOVE = 'dialog[open], .menu, [role=dialog], [role=listbox]';

export function closing(close: () => void): void {
  const words = WORDS[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'];
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ib xl shut';
  button.title = words;
  button.setAttribute('aria-label', words);
  button.addEventListener('click', close);
  button.append(icon('x'));
  document.documentElement.classList.add('embedded');
  document.body.prepend(button);
  // While it comes down: on its way up a menu that it closes would be gone already.
  addEventListener('keydown', ({ key, isComposing }) => key === 'Escape' && !isComposing && !document.querySelector(ABOVE) && close(), true);
}

function icon(name: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  svg.appendChild(document.createElementNS(svg.namespaceURI!, 'use')).setAttribute('href', `#i-${name}`);
  return svg;
}
