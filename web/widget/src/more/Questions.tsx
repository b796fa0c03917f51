// The card of questions: a tab for each group, a row for each question, and a person in its foot.
import { createSignal, For, Show } from 'solid-js';
import type { Chat } from '../chat';
import type { Group } from '../items';
import { t } from '../text/say';
import { Icon } from '../view/Icon';

export function Questions(props: { chat: Chat; groups: Group[]; human: string }) {
  const [chosen, choose] = createSignal(0);
  const tabs: HTMLButtonElement[] = [];
  const shown = () => props.groups[Math.min(chosen(), props.groups.length - 1)]?.subItmes ?? [];

  function turn(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const count = props.groups.length;
    choose((chosen() + by + count) % count);
    tabs[chosen()]?.focus();
  }

  return (
    <section class="cardm qs" aria-label={t('questions')}>
      <Show when={props.groups.length > 1} fallback={<h2 class="one cut" dir="auto">{props.groups[0]?.title}</h2>}>
        <div class="tabs" role="tablist" onKeyDown={turn}>
          <For each={props.groups}>
            {(group, at) => (
              <button
                ref={(tab) => (tabs[at()] = tab)}
                type="button"
                role="tab"
                class="cut"
                dir="auto"
                aria-selected={at() === chosen()}
                tabindex={at() === chosen() ? 0 : -1}
                onClick={() => choose(at())}
              >
                {group.title}
              </button>
            )}
          </For>
        </div>
      </Show>
      <ul>
        <For each={shown()}>
          {({ id, subTitle }) => (
            <li>
              <button class="q" type="button" onClick={() => props.chat.pick(id, subTitle)}>
                <span class="fx" dir="auto">
                  {subTitle}
                </span>
                <Icon name="right" size="s" />
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.chat.service()?.status !== 'serving' && props.chat.service()?.status !== 'waiting'}>
        <div class="foot">
          <span class="fx m2">{t('not_among')}</span>
          <button class="link-btn" type="button" onClick={props.chat.human}>
            {props.human}
          </button>
        </div>
      </Show>
    </section>
  );
}
