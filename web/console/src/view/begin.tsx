// What whoever has just set the company up does next; gone when it is done or sent away.
import { createResource, For, Show, type JSX } from 'solid-js';
import { keep, kept } from '../../../start/src/kept';
import type { Place } from '../place';
import { begin } from '../text/begin';
import { t, type Key } from '../text/say';
import { learn } from '../text/texts';
import { useDesk } from './desk-context';
import { Link } from './link';
import { Icon } from './parts';
import { BEGIN_KEPT_AS } from './begins';
import '../style/begin.css';

learn(begin);

interface Step {
  name: string;
  to: Partial<Place> & { section: string };
  done: boolean;
}

export default function Begin(props: { away: () => void }): JSX.Element {
  const { desk } = useDesk();
  // A step of which nothing is known is still to be done.
  const some = async (path: string): Promise<boolean> => (await desk.rest.page<unknown>(path, { limit: 1 }).catch(() => ({ data: [] }))).data.length > 0;
  const [sites] = createResource(() => some('/sites'));
  const [questions] = createResource(() => some('/questions'));
  const steps = (): Step[] => [
    { name: 'page', to: { section: 'settings', page: 'install' }, done: sites() ?? false },
    { name: 'agent', to: { section: 'settings', page: 'agents' }, done: desk.directory.colleagues[0]().filter(({ active }) => active).length > 1 },
    { name: 'questions', to: { section: 'questions' }, done: questions() ?? false },
  ];
  const ready = (): boolean => steps().every(({ done }) => done);

  return (
    <section class="begin" aria-label={t('begin_title')}>
      <h2 class="t18 b">{t('begin_title')}</h2>
      <ol>
        <For each={steps()}>
          {({ name, to, done }, at) => (
            <li>
              <Link to={to} class="begin-step">
                <span class="begin-n" classList={{ done }} aria-hidden="true">
                  <Show when={done} fallback={at() + 1}>
                    <Icon name="check" size="s" />
                  </Show>
                </span>
                <span class="fx">
                  <span class="b">{t(`begin_${name}` as Key)}</span>
                  <span class="m t13">{t(`begin_${name}_hint` as Key)}</span>
                </span>
                <Show when={done} fallback={<Icon name="right" size="s" />}>
                  <span class="t12 ok">{t('begin_done')}</span>
                </Show>
              </Link>
            </li>
          )}
        </For>
      </ol>
      <p class="m t12">
        <bdi>{t('begin_sign_in', { companyid: desk.session.companyid })}</bdi>
      </p>
      <button
        type="button"
        class={ready() ? 'btn pri' : 'btn bare sm'}
        onClick={() => {
          if (kept(BEGIN_KEPT_AS) === desk.session.companyid) keep(BEGIN_KEPT_AS, null);
          props.away();
        }}
      >
        {t(ready() ? 'begin_ready' : 'begin_away')}
      </button>
    </section>
  );
}
