// The visitor's page of the demo: asks the demo company.
import { el, icon, one } from '../dom';
import { keep, kept } from '../kept';
import { onLanguage, sayAll, t } from '../text/language';
import { face, type Who } from '../view/face';
import { menu } from '../view/menu';
import { visitorTicket, type Ticket } from './api';
import { announceRoom, hear, type ToFrame } from './frame';
import { Pane } from './pane';

const COMPANY = 'demo';
const SECRET_KEPT_AS = 'nodechat.demo.visitor';
let announced = false;

const pane = new Pane(one('main'), {
  side: 'user',
  where: { shopid: COMPANY, shopname: t('demo_company') },
  ticket,
  beginning: greeting,
  changed: header,
});

const more = one<HTMLButtonElement>('.top .more');
menu(more, () => [
  { icon: 'offline', words: t('cut'), pick: () => pane.cut() },
  pane.inside
    ? { icon: 'leave', words: t('leave'), pick: () => pane.leave() }
    : { icon: 'enter', words: t('come_back'), pick: () => pane.comeBack() },
  { icon: 'user', words: t('new_visitor'), pick: beSomebodyElse },
]);
onLanguage(say);
say();
hear<ToFrame>((message) => {
  if (message.say === 'shown') pane.setShown(message.shown);
});

/** The same visitor as last time: the secret of last time stays in this browser. */
async function ticket(): Promise<Ticket> {
  const answer = await visitorTicket(COMPANY, kept(SECRET_KEPT_AS));
  if (answer.visitor) keep(SECRET_KEPT_AS, answer.visitor);
  return answer;
}

function beSomebodyElse(): void {
  keep(SECRET_KEPT_AS, null);
  pane.close();
  location.reload();
}

function companyName(of: Pane): string {
  return of.room?.topic || t('demo_company');
}

function greeting(): HTMLElement {
  const name = companyName(pane);
  const bubble = el('div', { class: 'bub' }, el('span', { dir: 'auto' }, t('greeting', { company: name })));
  return el('div', { class: 'msg in greeting' }, face('company', name, COMPANY), el('div', { class: 'col' }, el('div', { class: 'ln' }, bubble)));
}

/** Who serves: the agent who spoke last, the company as long as nobody has. */
function header(of: Pane): void {
  if (of.room && !announced) {
    announced = true;
    announceRoom(() => of.room?.roomid);
  }
  const agent = of.history.all().filter((item) => item.side === 'cs').at(-1);
  const company = companyName(of);
  const who: Who = agent ? 'cs' : 'company';
  const name = agent?.nick ?? company;
  const words = { online: 'online', offline: 'offline', connecting: 'connecting' } as const;
  one('.top .face').replaceChildren(face(who, name, agent?.aid ?? COMPANY));
  one('.top .nm bdi').textContent = name;
  const dot = { online: 'dot', offline: 'dot busy', connecting: 'dot off' }[of.connection];
  one('.top .st').replaceChildren(el('i', { class: dot }), el('span', { class: 'cut' }, agent ? `${t(words[of.connection])} · ${company}` : t(words[of.connection])));
}

function say(): void {
  document.title = `${t('demo_company')} · ${t('visitor_page')}`;
  sayAll();
  header(pane);
}

more.replaceChildren(icon('more'));
