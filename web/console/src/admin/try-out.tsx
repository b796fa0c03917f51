// What the bot would find for a text, asked of the server as it stands now.
import { createSignal, For, onCleanup, Show, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { t } from '../text/say';
import { useDesk } from '../view/desk-context';

interface Tried {
  human: boolean;
  found: { id: string; question: string; title: string }[];
}

const PAUSE_MS = 250;

export function TryOut(): JSX.Element {
  const { desk } = useDesk();
  const [text, setText] = createSignal('');
  const [tried, setTried] = createSignal<Tried>();
  const [failure, setFailure] = createSignal('');
  let timer = 0;
  onCleanup(() => window.clearTimeout(timer));

  function typed(next: string): void {
    setText(next);
    setFailure('');
    window.clearTimeout(timer);
    if (next.trim() === '') return void setTried(undefined);
    timer = window.setTimeout(() => void ask(next), PAUSE_MS);
  }

  async function ask(what: string): Promise<void> {
    try {
      const found = await desk.rest.get<Tried>('/questions/try', { text: what });
      if (text() === what) setTried(found);
    } catch (thrown) {
      setFailure(inWords(thrown));
    }
  }

  return (
    <section class="try" aria-label={t('try_out')}>
      <div class="try-head">
        <h2 class="t13 b">{t('try_out')}</h2>
        <span class="m t12">{t('try_out_hint')}</span>
      </div>
      <input class="inp" dir="auto" maxLength={500} aria-label={t('try_out')} placeholder={t('try_out_placeholder')} value={text()} onInput={(event) => typed(event.currentTarget.value)} />
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
                    <li>
                      <bdi>{item.title}</bdi>
                      <span class="m t12">
                        <bdi>{item.question}</bdi>
                      </span>
                    </li>
                  )}
                </For>
              </ol>
            </>
          )}
        </Show>
      </div>
    </section>
  );
}
