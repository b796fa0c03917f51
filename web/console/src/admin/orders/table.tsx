// Work orders as a table, the newest first.
import { For, Show, type JSX } from 'solid-js';
import { t, type Key } from '../../text/say';
import { moment } from '../../times';
import { useDesk } from '../../view/desk-context';
import type { Shelf } from './shelf';
import { TONES } from './types';

export function OrderTable(props: { shelf: Shelf; open: string; opens: (id: string) => void }): JSX.Element {
  const { desk } = useDesk();
  return (
    <div class="table-box">
      <table class="table" aria-busy={props.shelf.busy()}>
        <thead>
          <tr>
            <th>{t('orders_title')}</th>
            <th>{t('orders_state')}</th>
            <th>{t('orders_owner')}</th>
            <th>{t('orders_submitter')}</th>
            <th>{t('orders_updated')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.shelf.orders()}>
            {(one) => (
              <tr classList={{ on: props.open === one.id }} onClick={() => props.opens(one.id)}>
                <td class="wide">
                  <button type="button" class="cell-open">
                    <bdi class="one-line">{one.title}</bdi>
                  </button>
                </td>
                <td>
                  <span class={`tag ${TONES[one.state]}`}>{t(`order_${one.state}` as Key)}</span>
                </td>
                <td class="soft">
                  <bdi>{one.owner ? desk.directory.nick(one.owner) : t('orders_nobody')}</bdi>
                </td>
                <td class="soft">
                  <bdi class="one-line">{one.submitter}</bdi>
                </td>
                <td class="soft nw">{moment(one.updated)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={props.shelf.next()}>
        {(cursor) => (
          <button type="button" class="btn sm pad" disabled={props.shelf.busy()} onClick={() => void props.shelf.load(cursor())}>
            {t('load_more')}
          </button>
        )}
      </Show>
    </div>
  );
}
