// The embed on a host's page: what is asked of it, what it draws, and what it says to the visitor's page in its panel.
import { recall, remember, type Kept } from './kept';
import type { FromPanel, Look, Proof, Route, State, Theme, ToPanel } from './messages';
import { openPanel, type Panel } from './panel';
import { followRoutes } from './routes';
import { makeView, type View } from './view';
import { hold } from './whole';
import { wordsFor, type Words } from './words';

/** As `boot` takes them, or the attributes of the script, whose values are texts. */
export interface Options extends Theme, Proof {
  company?: string;
  side?: Look['side'];
  gap?: number | string;
  text?: string;
  /** `false`: none. An element or its selector: that one opens the panel. */
  launcher?: false | string | HTMLElement;
  lang?: string;
  /** What agents see besides the page. */
  traits?: object;
}

type Listener = (value?: unknown) => void;

/** For so long the launcher looks as it did, without asking. */
const LOOK_MS = 3_600_000;
/** A conversation in which nothing was said for so long is not listened to in the background. */
const TALK_MS = 7 * 86_400_000;
/** From its loading on: after which a panel that stays silent says so, and a launcher that it should have dressed is shown. */
const PATIENCE_MS = 5_000;

const AT_FIRST: { open: boolean; unread: number; hidden?: boolean; spoken?: true; late?: true } = { open: false, unread: 0 };

/** `script`: its address says where the service is, its attributes what to boot with. */
export function makeWidget(script: HTMLScriptElement) {
  const listeners: Record<string, Set<Listener>> = {};
  let options: Options = {};
  /** Good for one use, by the page in the panel when there is one. */
  let proof: Proof = {};
  /** Somebody was named on this page: to begin without a name is to have logged out. */
  let vouched: string | undefined;
  /** Also when it was taken off the page: it can be asked to forget all the same. */
  let company = '';
  let kept: Kept = {};
  let is = { ...AT_FIRST };
  /** As it is asked for, or the page's own, or the browser's; what is made of it is up to the page in the panel. */
  let language: string;
  let words: Words;
  let view: View | undefined;
  let panel: Panel | undefined;
  let opener: HTMLElement | null = null;
  let page: string | undefined;
  let tracked: object = {};
  let route: Route = {};
  let ending = new AbortController();

  const talks = (): boolean => kept.talked! > Date.now() - TALK_MS;
  const emit = (event: string, value?: unknown): void => listeners[event]?.forEach((listener) => queueMicrotask(() => listener(value)));
  const tell = (message: ToPanel): void => panel?.tell(message);
  const tellState = (): void => tell({ nodechat: 'state', ...state() });

  function state(): State {
    const { accent, theme, traits } = options;
    return { accent, theme, page: page ?? location.href, referrer: document.referrer, told: { ...traits, ...tracked }, route };
  }

  /** What a company is named with needs no escape. */
  function address(query: string): URL {
    return new URL(`../../chat/${company}?lang=${language}${query}`, script.src);
  }

  /** Draws what there is to be seen, once. */
  function begin(): View | undefined {
    if (view) return view;
    if (!options.company) return void console.error('NodechatWidget: boot a company first');
    const { launcher, lang } = options;
    words = wordsFor((language = lang || document.documentElement.lang || navigator.language));
    view = makeView(words, toggle, close);
    opener = typeof launcher === 'string' ? document.querySelector<HTMLElement>(launcher) : launcher || null;
    const { signal } = ending;
    opener?.addEventListener('click', toggle, { signal });
    window.visualViewport?.addEventListener('resize', draw, { signal });
    window.visualViewport?.addEventListener('scroll', draw, { signal });
    draw();
    emit('ready');
    return view;
  }

  /** Loads the visitor's page. It connects when it is opened, or when there is a conversation to be heard. */
  function load(): Panel | undefined {
    const drawn = begin();
    if (!drawn || panel) return panel;
    const mine = is;
    setTimeout(() => {
      mine.late = true;
      draw();
    }, PATIENCE_MS);
    return (panel = openPanel(drawn.panel, address('&embed=1'), words.chat, hello, heard, ending.signal));
  }

  function hello(): ToPanel {
    const mine = proof;
    proof = {};
    return { nodechat: 'boot', open: is.open, begin: is.open || talks(), proof: { ...mine, forget: kept.forget }, key: kept.key, ...state() };
  }

  function heard({ nodechat: what, value }: FromPanel): void {
    if (what === 'hello') is.spoken = true;
    else if (what === 'close') close();
    else if (what === 'key') keep({ key: value, forget: false });
    else if (what === 'look') keep({ look: value, told: Date.now(), asked: options.accent });
    else {
      if (what === 'unread') is.unread = value;
      else if (what !== 'refused') keep({ talked: Date.now() });
      emit(what, value);
    }
    draw();
  }

  function keep(more: Kept): void {
    kept = { ...kept, ...more };
    // A reset before any boot is done by the one that follows.
    if (company) remember(company, kept);
  }

  function draw(): void {
    const { look } = kept;
    const { launcher } = options;
    view?.draw({
      side: 'right',
      gap: 24,
      text: '',
      ...look,
      ...options,
      ...is,
      ...hold(is.open),
      accent: look?.accent || options.accent || '#0f5b66',
      launcher: launcher === undefined && !is.hidden,
      nowhere: !look && !is.late && !is.open,
      elsewhere: is.late && !is.spoken && address(''),
    });
    if (opener) opener.ariaExpanded = `${is.open}`;
  }

  function open(): void {
    if (!load()) return;
    if (!is.open) turn('open');
    panel!.frame.focus();
  }

  function close(): void {
    if (!is.open) return;
    const within = document.activeElement === view!.host;
    turn('close');
    if (within) (opener ?? view!.launcher).focus();
  }

  function turn(to: 'open' | 'close'): void {
    is.open = to === 'open';
    draw();
    tell({ nodechat: to });
    emit(to);
  }

  function toggle(): void {
    if (is.open) close();
    else open();
  }

  function boot(given: Options = {}): void {
    shutdown();
    const { token, jwt, ...mine } = { ...script.dataset, ...given } as Options;
    // A reset that is not done, or one that the host leaves to us.
    const over = kept.forget || (vouched && !token && !jwt);
    options = mine;
    company = mine.company!;
    kept = recall(company);
    if (over) reset();
    identify({ token, jwt });
    whenIdle(() => {
      if (options !== mine) return;
      if (kept.asked !== mine.accent) delete kept.look;
      if (!begin()) return;
      if (!kept.look || Date.now() - kept.told! > LOOK_MS || talks() || vouched || kept.forget) load();
    });
  }

  function update(given: Options): void {
    const { token, jwt, ...rest } = given;
    // What was drawn with these is drawn anew.
    if (rest.company || rest.lang || 'launcher' in rest) {
      const before = vouched;
      vouched = '';
      boot({ ...options, ...proof, ...given });
      // It is the same person.
      vouched ||= before;
      return;
    }
    Object.assign(options, rest);
    tellState();
    draw();
    // Its page says how the launcher looks in it.
    if (kept.asked !== options.accent) load();
    if (token || jwt) identify({ token, jwt });
  }

  /** The page in the panel goes on as somebody else. */
  function identify(next: Proof): void {
    vouched = next.token || next.jwt;
    if (panel) tell({ nodechat: 'anew', proof: next });
    else proof = { ...proof, ...next };
    if (view) load();
  }

  /** Asked for at each beginning of the page in the panel, until that has said that it is done. */
  function reset(): void {
    proof = {};
    keep({ talked: 0, forget: true });
    identify({ forget: true });
  }

  function shutdown(): void {
    close();
    ending.abort();
    ending = new AbortController();
    view?.host.remove();
    panel = view = undefined;
    options = {};
    is = { ...AT_FIRST };
  }

  function at(where: string | undefined, what: object): void {
    page = where;
    tracked = what;
    tellState();
  }

  function hide(hidden: boolean): void {
    is.hidden = hidden;
    draw();
  }

  followRoutes(() => at(undefined, {}));
  return {
    boot,
    update,
    shutdown,
    open,
    close,
    toggle,
    identify,
    hide: (): void => hide(true),
    show: (): void => hide(false),
    reset,
    /** Puts words into the visitor's box, or says them in the visitor's name. */
    send(text: string, { now = false } = {}): void {
      load()?.tell({ nodechat: 'send', text: `${text}`, now });
      if (!now) open();
    },
    card(card: object): void {
      load()?.tell({ nodechat: 'card', card });
    },
    /** Whom somebody gets who asks for a person from now on. */
    route(to: Route = {}): void {
      route = to;
      tellState();
    },
    page: (url = '', title?: string): void => at(new URL(url, location.href).href, { title }),
    track: (name: string, data: object = {}): void => at(page, { ...data, track: name }),
    on(event: string, listener: Listener): void {
      (listeners[event] ??= new Set()).add(listener);
    },
    off(event: string, listener: Listener): void {
      listeners[event]?.delete(listener);
    },
    get: (name: string): unknown => ({ ...is, ready: !!view, company })[name as 'open'],
  };
}

/** Not while the host's page is still busy with itself. */
function whenIdle(then: () => void): void {
  const soon = (): unknown => (window.requestIdleCallback ?? setTimeout)(then);
  if (document.readyState === 'complete') soon();
  else addEventListener('load', soon, { once: true });
}
