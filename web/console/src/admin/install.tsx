// How the chat comes onto a site: what to paste, ready for this company, and a light that says whether it has arrived there.
import { createResource, createSignal, For, onCleanup, Show, type JSX } from 'solid-js';
import { t } from '../text/say';
import { moment, shortTime, ticking } from '../times';
import { useDesk } from '../view/desk-context';
import { Icon } from '../view/parts';
import { QrCode } from './qr';
import { linkOf, snippet, WAYS, type Way } from './snippets';
import '../style/install.css';

const LOOK_AGAIN_MS = 4_000;

interface Site {
  origin: string;
  first: number;
  last: number;
}

export function Install(): JSX.Element {
  const { desk } = useDesk();
  const [way, choose] = createSignal<Way>('html');
  const place = { server: location.origin, company: desk.session.companyid };
  const tabs: HTMLButtonElement[] = [];

  function turn(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = (WAYS.indexOf(way()) + by + WAYS.length) % WAYS.length;
    choose(WAYS[next]!);
    tabs[next]?.focus();
  }

  return (
    <section class="install">
      <header class="admin-head">
        <div class="fx">
          <h1 class="t18 b">{t('install')}</h1>
          <p class="m t13">{t('install_about')}</p>
        </div>
      </header>
      <Light />
      <Hints />
      <div class="tabs4" role="tablist" aria-label={t('install_ways')} onKeyDown={turn}>
        <For each={WAYS}>
          {(one, at) => (
            <button ref={(tab) => (tabs[at()] = tab)} type="button" role="tab" id={`way-${one}`} aria-controls="way" aria-selected={way() === one} tabindex={way() === one ? 0 : -1} onClick={() => choose(one)}>
              {t(`install_${one}`)}
            </button>
          )}
        </For>
      </div>
      <div class="way" role="tabpanel" id="way" aria-labelledby={`way-${way()}`}>
        <p class="m2 t13">{t(`install_${way()}_about`)}</p>
        <Show when={way() === 'link'} fallback={<Code text={snippet(way(), place)} />}>
          <Code text={linkOf(place)} link />
          <QrCode text={linkOf(place)} />
        </Show>
      </div>
    </section>
  );
}

function Code(props: { text: string; link?: boolean }): JSX.Element {
  const { desk } = useDesk();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(props.text);
      desk.toasts.say(t('install_copied'));
    } catch {
      desk.toasts.say(t('copy_failed')); // no clipboard on plain http beyond localhost
    }
  }
  return (
    <figure class="code">
      <pre class="mono t13" tabindex="0" dir="ltr">
        <Show when={props.link} fallback={props.text}>
          <a href={props.text} target="_blank" rel="noopener">
            {props.text}
          </a>
        </Show>
      </pre>
      <button type="button" class="btn" onClick={() => void copy()}>
        <Icon name="copy" />
        {t(props.link ? 'install_copy_link' : 'install_copy')}
      </button>
    </figure>
  );
}

/** What would keep visitors out although everything is in place. */
function Hints(): JSX.Element {
  const { desk } = useDesk();
  // Without an answer there is nothing to warn of.
  const [company] = createResource(() => desk.rest.get<{ anonymous: boolean; origins: string[] }>('/company').catch(() => undefined));
  const hints = (): string[] => [company()?.anonymous === false && t('install_anonymous'), company()?.origins.length && t('install_origins')].filter((hint) => typeof hint === 'string');
  return (
    <For each={hints()}>
      {(hint) => (
        <p class="arrived warn">
          <Icon name="alert" size="s" />
          {hint}
        </p>
      )}
    </For>
  );
}

/** Green from the first page on that has loaded it. */
function Light(): JSX.Element {
  const { desk } = useDesk();
  const now = ticking(LOOK_AGAIN_MS);
  // What was known stays on the page when it cannot be asked for once.
  const [known, setKnown] = createSignal<Site[]>([]);
  const [silent, setSilent] = createSignal(false);
  async function look(): Promise<void> {
    try {
      setKnown(await desk.rest.get<Site[]>('/sites'));
      setSilent(false);
    } catch {
      setSilent(true); // asked for again by itself
    }
  }
  void look();
  const timer = window.setInterval(() => !document.hidden && void look(), LOOK_AGAIN_MS);
  onCleanup(() => window.clearInterval(timer));
  const latest = (): Site | undefined => known()[0];
  return (
    <>
      <p class="arrived" role="status">
        <span class="dot" classList={{ off: !latest() }} />
        <Show when={latest()} fallback={<span>{t(silent() ? 'admin_silent' : 'install_waiting')}</span>}>
          {(site) => <bdi>{t('install_seen', { origin: site().origin, time: shortTime(site().last, now()) })}</bdi>}
        </Show>
      </p>
      <Show when={known().length > 1}>
        <ul class="sites" aria-label={t('install_sites')}>
          <For each={known().slice(0, 10)}>
            {(site) => (
              <li>
                <bdi class="fx cut">{site.origin}</bdi>
                <span class="m t12 nw">{t('install_first', { time: moment(site.first) })}</span>
                <span class="m t12 nw">{t('install_last', { time: moment(site.last) })}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  );
}
