// Canned replies that fit what is typed behind the slash.
import { For, Show, type JSX } from 'solid-js';
import type { CannedReply } from '../desk/wire';
import { sendKeys } from '../keyboard';
import { filled } from '../log/canned';
import { t } from '../text/say';

export function Canned(props: { replies: CannedReply[]; chosen: number; names: Record<string, string>; choose: (reply: CannedReply) => void; hover: (at: number) => void }): JSX.Element {
  return (
    <div class="slash menu">
      <div role="listbox" id="canned" aria-label={t('canned')}>
        <For each={props.replies} fallback={<p class="none m">{t('canned_nothing')}</p>}>
          {(reply, at) => (
            <div
              class="it"
              role="option"
              id={`canned-${at()}`}
              aria-selected={props.chosen === at()}
              // the box keeps the focus
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => props.choose(reply)}
              onPointerMove={() => props.hover(at())}
            >
              <span class="k cut">
                <b>/{reply.shortcut}</b>
                <bdi>{reply.title}</bdi>
              </span>
              <span class="cut fx m2" dir="auto">
                <For each={filled(reply.text, props.names)}>{(part) => <span classList={{ var: part.variable }}>{part.text}</span>}</For>
              </span>
            </div>
          )}
        </For>
      </div>
      <Show when={props.replies.length > 0}>
        <p class="ft">{t('canned_hint', { keys: sendKeys() })}</p>
      </Show>
    </div>
  );
}
