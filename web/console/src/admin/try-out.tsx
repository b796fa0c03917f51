// What the bot would find for a text: of the questions as they are saved, or with the one that is being written.
import { createEffect, createSignal, For, on, onCleanup, Show, type JSX, type Signal } from 'solid-js';
import { inWords } from '../refusal';
import { t } from '../text/say';
import { useOffice } from '../view/desk-context';
import type { Item } from './fields';
import { marked } from './marked';

interface Tried {
  human: boolean;
  /** In thousandths, as each score is. */
  threshold: number;
  found: Found[];
}

interface Found {
  question: string;
  title: string;
  score: number;
  shown: boolean;
  words: string[];
}

/** A question as it stands in the editor. */
export interface Written {
  id?: string | undefined;
  title: string;
  items: Pick<Item, 'id' | 'title'>[];
  enabled: boolean;
}

const PAUSE_MS = 250;

export function TryOut(props: { text?: Signal<string>; written?: () => Written }): JSX.Element {
  const office = useOffice();
  const [text, setText] = props.text ?? createSignal('');
  const [tried, setTried] = createSignal<Tried>();
  const [failure, setFailure] = createSignal('');
  let timer = 0;
  let asked = 0;
  onCleanup(() => window.clearTimeout(timer));

  // What is written beside it counts from the next look on; JSON, because the same again is nothing new.
  createEffect(
    on([text, () => JSON.stringify(props.written?.())], ([what]) => {
      setFailure('');
      window.clearTimeout(timer);
      asked += 1;
      if (what.trim() === '') return void setTried(undefined);
      timer = window.setTimeout(() => void ask(what, asked), PAUSE_MS);
    }),
  );

  async function ask(what: string, number: number): Promise<void> {
    const draft = props.written?.();
    try {
      const found = await (draft ? office.rest.send<Tried>('POST', '/questions/try', { text: what, draft }) : office.rest.get<Tried>('/questions/try', { text: what }));
      if (number === asked) setTried(found);
    } catch (thrown) {
      if (number === asked) setFailure(inWords(thrown));
    }
  }

  return (
    <section class="try" aria-label={t('try_out')}>
      <div class="try-head">
        <h2 class="t13 b">{t('try_out')}</h2>
        <span class="m t12">{t(props.written ? 'try_out_written' : 'try_out_hint')}</span>
      </div>
      <input class="inp" dir="auto" maxLength={500} aria-label={t('try_out')} placeholder={t('try_out_placeholder')} value={text()} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()} />
      <div role="status">
        <Show when={failure()}>
          <p class="hint bad">{failure()}</p>
        </Show>
        <Show when={!failure() && tried()}>
          {(result) => (
            <>
              <Show when={result().human}>
                <p class="t13">{t('try_out_human')}</p>
              </Show>
              <ol>
                <For each={result().found} fallback={<li class="m">{t('try_out_nothing')}</li>}>
                  {(item) => (
                    <li classList={{ shown: item.shown }}>
                      <span class="fx">
                        <bdi>
                          <For each={marked(item.title, item.words)}>{(part) => <Show when={part.shared} fallback={part.text}>{<mark>{part.text}</mark>}</Show>}</For>
                        </bdi>{' '}
                        <bdi class="m t12">{item.question}</bdi>
                      </span>
                      <span class="score" aria-hidden="true" style={{ '--score': item.score / 1000, '--threshold': result().threshold / 1000 }} />
                      <span class="num">{Math.floor(item.score / 10)}</span>
                    </li>
                  )}
                </For>
              </ol>
              <Show when={result().found.length > 0}>
                <p class="hint">{t('try_out_line', { n: result().found.filter(({ shown }) => shown).length, threshold: Math.ceil(result().threshold / 10) })}</p>
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  );
}
