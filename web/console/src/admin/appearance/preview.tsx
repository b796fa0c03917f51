// What visitors will see, drawn here as it is typed: the head of the panel, the first words, the launcher; light and dark.
import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { darkened, shadesOf } from '../../../../ui/accent';
import { say, type Language } from '../../../../start/src/text/say';
import { texts } from '../../../../widget/src/text/texts';
import { initial } from '../../../../start/src/view/face';
import { t, type Key } from '../../text/say';
import { Icon } from '../../view/parts';
import type { Draft } from '../fields';
import { Picture } from './picture';
import '../../style/appearance.css';

/** The accent of the light set, which a company without one of its own has. */
const OURS = '#0F5B66';
/** What a visitor might say, so that its bubble is seen. */
const OWN = { zh: '怎么退款？', en: 'How do I get a refund?' };
/** The page of the preview is so much smaller than a real one. */
const SCALE = 0.5;

interface Drawn {
  draft: Draft;
  /** The company as it is. */
  kept: { name: string; settings: Record<string, unknown> };
}

export function Preview(props: Drawn): JSX.Element {
  const [there, setThere] = createSignal(true);
  return (
    <section class="look" aria-label={t('look_preview')}>
      <div class="look-head">
        <h2 class="t13 b">{t('look_preview')}</h2>
        <div class="switch" role="group" aria-label={t('look_preview')}>
          <For each={[true, false]}>
            {(is) => (
              <button type="button" aria-pressed={there() === is} onClick={() => setThere(is)}>
                {t(is ? 'look_there' : 'look_away')}
              </button>
            )}
          </For>
        </div>
      </div>
      <div class="look-pages" role="group" tabindex="0" aria-label={t('look_preview')}>
        <For each={['light', 'dark'] as const}>{(theme) => <Page theme={theme} there={there()} draft={props.draft} kept={props.kept} />}</For>
      </div>
    </section>
  );
}

function Page(props: Drawn & { theme: 'light' | 'dark'; there: boolean }): JSX.Element {
  // Visitors read their own language, not that of whoever sets this.
  const language = (): Language => (String(props.kept.settings.locale ?? '').startsWith('zh') ? 'zh' : 'en');
  const words = (key: keyof typeof texts, values = {}): string => say(texts[key][language()], values, language());
  const text = (name: string): string => String(props.draft[name] ?? '');
  const shades = createMemo(() => shadesOf(text('accent'))?.[props.theme] ?? {});
  // The launcher stands on the host's page, which has no theme of ours.
  const launcher = (): string => darkened(text('accent')) ?? OURS;
  const first = (): string => (props.there ? text('welcome') || words('greeting', { company: props.kept.name }) : text('offline') || words('nobody_there'));
  const gap = (): number => Math.min(200, Math.max(0, Number(props.draft.launcher_gap) || 0)) * SCALE;
  return (
    <figure class={`look-page ${props.theme}`} classList={{ 'at-left': text('launcher_side') === 'left' }} style={{ ...shades(), '--gap': `${gap()}px` }}>
      <div class="look-panel" lang={language() === 'zh' ? 'zh-CN' : 'en'}>
        <div class="look-top">
          <Picture path={text('logo')} class="look-mark" fallback={<span class="av co">{initial(props.kept.name)}</span>} />
          <div class="fx">
            <p class="b cut">
              <bdi>{props.kept.name}</bdi>
            </p>
            <p class="t12 m2 cut">{words(props.there ? 'with_bot' : 'nobody_there')}</p>
          </div>
        </div>
        <p class="look-said" dir="auto">
          {first()}
        </p>
        <p class="look-said own">{say(OWN[language()], {}, language())}</p>
      </div>
      <span class="look-launcher" style={{ background: launcher() }}>
        <Icon name="chat" size="s" />
        <Show when={text('launcher_text')}>
          <bdi class="cut">{text('launcher_text')}</bdi>
        </Show>
      </span>
      <figcaption class="sr">{t(`theme_${props.theme}` as Key)}</figcaption>
    </figure>
  );
}

