// How each group stands, and how fast its first answers came today.
import { For, type JSX } from 'solid-js';
import { urgency } from '../../desk/order';
import { t } from '../../text/say';
import { stopwatch } from '../../times';
import { useDesk } from '../../view/desk-context';
import { mean, type Numbers } from '../figures';
import { Seats } from './seats';
import type { GroupStanding } from './standing';

export function Groups(props: { groups: GroupStanding[]; today: Numbers[]; now: number }): JSX.Element {
  const { desk } = useDesk();
  const waited = (group: GroupStanding): number | undefined => (group.waiting_since === undefined ? undefined : props.now - group.waiting_since);
  const time = (ms: number | undefined): string => (ms === undefined ? '–' : stopwatch(ms));
  const tone = (ms: number | undefined): string => (ms === undefined ? '' : urgency(ms));
  const response = (group: GroupStanding): number | undefined => {
    const row = props.today.find(({ groupid }) => (groupid ?? undefined) === group.groupid);
    return row && mean(row.response_ms, row.answered);
  };
  return (
    <section>
      <h2 class="t16 b">{t('board_groups')}</h2>
      <table class="table still board-groups">
        <thead>
          <tr>
            <th>{t('board_group')}</th>
            <th class="num">{t('board_waiting_of')}</th>
            <th class="num">{t('board_longest_of')}</th>
            <th class="num">{t('board_serving_of')}</th>
            <th>{t('board_seats')}</th>
            <th class="num">{t('numbers_response')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.groups}>
            {(group) => (
              <tr>
                <td>
                  <bdi class="one-line">{group.groupid ? desk.directory.group(group.groupid) : t('numbers_any_group')}</bdi>
                </td>
                <td class={`num ${group.waiting > 0 ? 'b' : 'soft'}`} data-title={t('board_waiting_of')}>
                  {group.waiting}
                </td>
                <td class={`num ${tone(waited(group)) || 'soft'}`} data-title={t('board_longest_of')}>
                  {time(waited(group))}
                </td>
                <td class="num" data-title={t('board_serving_of')}>
                  {group.serving}
                </td>
                <td>
                  <Seats all={group.seats} free={group.free_seats} />
                </td>
                <td class="num soft" data-title={t('numbers_response')}>
                  {time(response(group))}
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}
