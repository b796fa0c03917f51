// The page in the panel of a host's page: it waits there until it is opened, and does what the loader says.
import { darkened } from '../../../ui/accent';
import type { Proof, Route, State, Theme, ToPanel } from '../../../loader/src/messages';
import { keepTicket } from '../entry';
import type { Kept } from '../kept';
import { host as wanted } from '../more/host';
import { forgetFilesOf } from '../more/kept-files';
import { wear } from '../more/wear';
import { profileOf, type Profile } from '../profile';
import { closing } from './closing';
import { canKeep, forgetAll } from './forget';
import { meetHost } from './host';
import { ticketFor } from './proof';
import { setOpen, setPlace, standIn } from './stand-in';
import { talk, type Talk } from './talk';
import './embed.css';

interface Page {
  company: string;
  /** Kept for next time. */
  kept: Kept;
  /** Kept over a reload of this tab. */
  tab: Kept;
  /** Draws the page, and comes in; answers how to take it away. */
  show(profile: Promise<Profile | undefined>): () => void;
}

/** A ticket lasts a day; one that ends soon is not gone on with. */
const TICKET_MS = 20 * 3_600_000;

export function embed({ company, kept, tab, show }: Page): void {
  if (parent === window) return void show(profileOf(company));
  /** One word after the other: who it is has to be settled before anything is said. */
  let turn = Promise.resolve();
  let talking: Talk | undefined;
  let toSay: ((talk: Talk) => void)[] = [];
  let end: (() => void) | undefined;
  let route: Route = {};
  let theme: Theme = {};
  let asked: Promise<Profile | undefined> | undefined;
  let own: Profile | undefined;

  standIn();
  const { origin, tell } = meetHost((message) => void (turn = turn.then(() => does(message)).catch(fail)));
  closing(() => tell({ nodechat: 'close' }));
  // What the host asks for comes first, and the panel is dressed before anybody is there.
  wanted.wear = () => {};
  let unread = 0;
  wanted.unread = (n) => {
    if (n !== unread) tell({ nodechat: 'unread', value: (unread = n) });
  };
  wanted.talks = (chat) => {
    talking ??= talk(chat, tell, () => route);
    for (const say of toSay) say(talking);
    toSay = [];
    if (!canKeep()) tell({ nodechat: 'key', value: kept.get('visitor') ?? '' });
  };

  async function does(message: ToPanel): Promise<void> {
    switch (message.nodechat) {
      case 'boot':
        holds(message);
        void look((asked = profileOf(company, origin())));
        if (message.key && !canKeep()) kept.set('visitor', message.key);
        if (!isKnown(message.proof)) await settle(message.proof);
        setOpen(message.open);
        if (message.begin) begin();
        break;
      case 'anew':
        await settle(message.proof);
        if (end) {
          end();
          end = talking = undefined;
          begin();
        }
        break;
      case 'state':
        holds(message);
        break;
      case 'open':
        setOpen(true);
        begin((talk) => talk.focus());
        break;
      case 'close':
        setOpen(false);
        break;
      case 'send':
        begin((talk) => talk.send(message.text, message.now));
        break;
      case 'card':
        begin((talk) => talk.card(message.card));
    }
  }

  function begin(say?: (talk: Talk) => void): void {
    if (say && talking) say(talking);
    else if (say) toSay.push(say);
    end ??= show((asked ??= profileOf(company, origin())));
  }

  function holds(state: State): void {
    route = state.route;
    dress(state);
    if (setPlace(state)) talking?.walked();
  }

  function dress(next: Theme): void {
    theme = next;
    const accent = theme.accent || (own?.accent ?? '');
    wear(accent);
    if (theme.theme) document.documentElement.dataset.theme = theme.theme;
    else delete document.documentElement.dataset.theme;
    if (!own) return;
    const { launcher_side: side, launcher_text: text, launcher_gap: gap } = own;
    tell({ nodechat: 'look', value: { accent: darkened(accent) ?? '', side, text, gap } });
  }

  async function look(asked: Promise<Profile | undefined>): Promise<void> {
    own = await asked;
    dress(theme);
  }

  /** A token is good for one use, and a host that takes the panel away and puts it back gives the same one. */
  function isKnown({ token, forget }: Proof): boolean {
    const [at, used] = (tab.get('token') ?? '').split(' ');
    return !forget && !!token && token === used && !!tab.get('ticket') && Date.now() - Number(at) < TICKET_MS;
  }

  async function settle({ token, jwt, forget }: Proof): Promise<void> {
    if (forget) {
      forgetAll(company, [kept, tab]);
      await forgetFilesOf(company);
      tell({ nodechat: 'key', value: '' });
    }
    if (!token && !jwt) return;
    // Whatever comes of it: the one before is not vouched for any more.
    keepTicket(tab, null);
    try {
      const { ticket, data } = await ticketFor(company, { token, jwt });
      keepTicket(tab, ticket, data.aid);
      tab.set('token', token ? `${Date.now()} ${token}` : null);
    } catch (err) {
      const { errcode, errmsg } = err as { errcode: number; errmsg: string };
      tell({ nodechat: 'refused', value: { errcode, errmsg } });
    }
  }
}

/** To the console, and not into the order of what is done. */
function fail(thrown: unknown): void {
  setTimeout(() => {
    throw thrown;
  });
}
