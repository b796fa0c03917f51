// The agent's page of the demo: opens the room of one visitor.
import { el, icon, one } from '../dom';
import { onLanguage, sayAll, t } from '../text/language';
import { face } from '../view/face';
import { menu } from '../view/menu';
import { notice } from '../view/notice';
import { ApiError, demoAgentTicket, isAbsent, type Ticket } from './api';
import { hear, hearRooms, tellParent, type ToFrame } from './frame';
import { Pane } from './pane';
import type { Member } from './wire';

const root = one('main');
/** The agent is there from the start, also before anybody asks. */
let firstTicket: Promise<Ticket> | null = demoAgentTicket();
let pane: Pane | null = null;
let shown = true;
let off = false;

const more = one<HTMLButtonElement>('.top .more');
more.replaceChildren(icon('more'));
menu(more, () => [
  { icon: 'offline', words: t('cut'), pick: () => pane?.cut() },
  pane?.inside ?? true
    ? { icon: 'leave', words: t('leave'), pick: () => pane?.leave() }
    : { icon: 'enter', words: t('come_back'), pick: () => pane?.comeBack() },
]);
onLanguage(say);
hear<ToFrame>((message) => {
  if (message.say === 'room') open(message.roomid);
  if (message.say === 'shown') {
    shown = message.shown;
    pane?.setShown(shown);
  }
});

const asked = new URLSearchParams(location.search).get('roomid');
if (asked) open(asked);
else if (window.parent === window) hearRooms((roomid) => pane ?? open(roomid));
say();
firstTicket.catch(notThere);

function open(roomid: string): void {
  if (pane?.room?.roomid === roomid) return;
  pane?.close();
  root.querySelector('.scr')?.replaceChildren();
  root.querySelector('.jumps')?.replaceChildren();
  pane = new Pane(root, {
    side: 'cs',
    where: { roomid },
    ticket,
    beginning: () => el('p', { class: 'sys' }, t('visitor_came')),
    changed: header,
  });
  pane.setShown(shown);
}

function ticket(): Promise<Ticket> {
  const first = firstTicket;
  firstTicket = null;
  return first ?? demoAgentTicket();
}

function notThere(error: unknown): void {
  if (!(error instanceof ApiError) || !isAbsent(error)) return; // the pane says it when it asks for the ticket
  off = true;
  tellParent({ say: 'off', side: 'cs' });
  say();
}

/** Nobody is there yet, or nobody can come because the demo is off. */
function empty(): void {
  one('.composer', root).hidden = true;
  one('.scr', root).classList.add('has-notice');
  const detail = el('code', { class: 'line' }, 'nodechat serve --demo');
  one('.scr', root).replaceChildren(
    off
      ? notice({ icon: 'chat', title: t('demo_off_title'), text: t('demo_off_text'), detail })
      : notice({ icon: 'chat', title: t('agent_empty'), text: t('agent_empty_hint') }),
  );
}

function header(of: Pane): void {
  const visitor = of.room?.members.find((member: Member) => member.type === 'user');
  const name = of.room?.topic || visitor?.nick || '';
  const words = { online: 'online', offline: 'offline', connecting: 'connecting' } as const;
  one('.top .face').replaceChildren(...(of.room ? [face('user', name, visitor?.aid ?? name, 'md')] : []));
  one('.top .nm bdi').textContent = name || t('agent_page');
  const dot = { online: 'dot', offline: 'dot busy', connecting: 'dot off' }[of.connection];
  one('.top .st').replaceChildren(el('i', { class: dot }), el('span', { class: 'cut' }, of.room ? `${t(words[of.connection])} · ${t('anonymous_visitor')}` : t(words[of.connection])));
}

function say(): void {
  document.title = `${t('demo_company')} · ${t('agent_page')}`;
  sayAll();
  if (pane) header(pane);
  else {
    one('.top .nm bdi').textContent = t('agent_page');
    one('.top .st').textContent = t('demo_company');
    empty();
  }
}
