// The status switch: whether visitors are given to this agent, and how much it has.
import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { For, Show, type JSX } from 'solid-js';
import type { Status } from '../desk/wire';
import { keysOf } from '../keyboard';
import { t, type Key } from '../text/say';
import { useDesk } from './desk-context';
import { Icon } from './parts';

const NAMES: Record<Status, Key> = { O: 'status_online', B: 'status_busy', F: 'status_offline' };

export function dotOf(status: Status | undefined): string | undefined {
  if (status === undefined) return undefined;
  return status === 'O' ? 'on' : status === 'B' ? 'busy' : 'off';
}

export function StatusSwitch(): JSX.Element {
  const { desk, shown } = useDesk();
  const status = desk.status[0];
  const most = desk.mySeats;
  const hint = (of: Status): string => {
    if (of === 'B') return t('status_busy_hint');
    if (of === 'F') return desk.load() > 0 ? t('status_offline_hint', { n: desk.load() }) : '';
    return most() === undefined ? '' : t('load', { n: desk.load(), most: most() ?? 0 });
  };
  return (
    <>
      <DropdownMenu open={shown.statusMenu[0]()} onOpenChange={(open) => shown.statusMenu[1](open)} placement="bottom-start" gutter={4} modal={false}>
        <DropdownMenu.Trigger class="status" aria-label={`${t('status')}: ${status() ? t(NAMES[status() ?? 'F']) : t('connecting')}`} title={`${t('status')} (${keysOf('status')})`}>
          <i class={`dot ${dotOf(status()) ?? 'off'}`} />
          <span>{status() ? t(NAMES[status() ?? 'F']) : t('connecting')}</span>
          <Icon name="down" size="xs" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content class="menu statuses">
            <DropdownMenu.RadioGroup value={status() ?? ''} onChange={(value) => void desk.setStatus(value as Status)}>
              <For each={['O', 'B', 'F'] as Status[]}>
                {(of) => (
                  <DropdownMenu.RadioItem class="it" value={of} data-status={of} closeOnSelect>
                    <i class={`dot ${dotOf(of)}`} />
                    <span class="fx">{t(NAMES[of])}</span>
                    <span class="m t12">{hint(of)}</span>
                  </DropdownMenu.RadioItem>
                )}
              </For>
            </DropdownMenu.RadioGroup>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu>
      <Show when={most()}>
        {(limit) => (
          <span class="t12 m nw" title={t('load_hint', { n: desk.load(), most: limit() })}>
            {t(desk.load() >= limit() ? 'load_full' : 'load', { n: desk.load(), most: limit() })}
          </span>
        )}
      </Show>
    </>
  );
}
