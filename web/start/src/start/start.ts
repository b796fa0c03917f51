// The start page: says that the service runs, shows the two sides of the demo, and how to go on.
import { hear, tellFrame, type FromFrame } from '../demo/frame';
import type { Side } from '../demo/wire';
import { el, icon, one } from '../dom';
import { language, onLanguage, sayAll, speak, t, type Language } from '../text/language';
import { snippets } from './snippets';

const frames: Record<Side, HTMLIFrameElement> = { user: one('.side.user iframe'), cs: one('.side.cs iframe') };
const tabs: Record<Side, HTMLElement> = { user: one('#tab-user'), cs: one('#tab-cs') };
const narrow = window.matchMedia('(max-width: 639px)');
let roomid: string | null = null;
let side: Side = 'user';
let runs: boolean | null = null;

for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
  button.addEventListener('click', () => speak(button.dataset.language as Language));
}
for (const [name, code] of Object.entries(snippets(location.origin))) one(`[data-snippet="${name}"]`).append(...codeWithCopy(code));
for (const [which, frame] of Object.entries(frames)) frame.addEventListener('load', () => brief(which as Side));
for (const tab of Object.values(tabs)) {
  tab.addEventListener('click', () => choose(tab.dataset.side as Side));
  tab.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    choose(side === 'user' ? 'cs' : 'user');
    tabs[side].focus();
  });
}
narrow.addEventListener('change', () => choose(side));
hear<FromFrame>(heard);
onLanguage(say);
say();
choose(side);
void checkServer();

function heard(message: FromFrame): void {
  if (message.say === 'room' && message.side === 'user') {
    roomid = message.roomid;
    one<HTMLAnchorElement>('.side.cs .caption a').href = `/demo/agent.html?roomid=${encodeURIComponent(roomid)}`;
    brief('cs');
  }
  if (message.say === 'unseen') badge(message.side, message.n);
  if (message.say === 'off') demoIsOff();
}

/** Tells a frame what it cannot know by itself. */
function brief(which: Side): void {
  if (which === 'cs' && roomid) tellFrame(frames.cs, { say: 'room', roomid });
  tellFrame(frames[which], { say: 'shown', shown: !narrow.matches || side === which });
}

/** On a phone one side is on the screen, elsewhere both are. */
function choose(next: Side): void {
  side = next;
  for (const which of ['user', 'cs'] as const) {
    const on = which === side;
    tabs[which].setAttribute('aria-selected', String(on));
    tabs[which].tabIndex = on ? 0 : -1;
    one(`.side.${which}`).classList.toggle('is-on', on);
    brief(which);
  }
}

function badge(which: Side, n: number): void {
  const count = one('.n', tabs[which]);
  count.hidden = n === 0;
  count.textContent = n > 99 ? '99+' : String(n);
  count.title = t('demo_new_messages', { n });
}

function demoIsOff(): void {
  one('.off').hidden = false;
  one('.sides').hidden = true;
  one('.sides-switch').hidden = true;
  one('.stage-head').hidden = true;
}

async function checkServer(): Promise<void> {
  try {
    runs = (await fetch('/healthz', { cache: 'no-store' })).ok;
  } catch {
    runs = false; // no answer at all is the same news
  }
  sayServer();
}

function sayServer(): void {
  if (runs === null) return;
  const words = runs ? t('server_running', { host: location.host }) : t('server_silent');
  one('.server').replaceChildren(el('i', { class: runs ? 'dot' : 'dot busy' }), el('span', {}, words));
}

function codeWithCopy(code: string): HTMLElement[] {
  const copy = el('button', { class: 'btn sm copy', type: 'button' }, icon('copy'), el('span', { 'data-t': 'copy' }));
  const words = one('span', copy);
  copy.addEventListener('click', async () => {
    words.textContent = t((await copied(code)) ? 'copied' : 'copy_failed');
    window.setTimeout(() => (words.textContent = t('copy')), 2000);
  });
  return [copy, el('pre', { tabindex: 0, dir: 'ltr' }, el('code', {}, code))];
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no clipboard on plain http beyond localhost: the button says so
  }
}

function say(): void {
  document.title = t('title');
  sayAll();
  sayServer();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a.manual')) link.href = `/docs/${language()}/`;
  one<HTMLAnchorElement>('a.api').href = `/docs/${language()}/http.html`;
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language()));
  }
  frames.user.title = `${t('demo_visitor')}: ${t('demo_visitor_hint')}`;
  frames.cs.title = `${t('demo_agent')}: ${t('demo_agent_hint')}`;
}
