// Who is there, the busiest of those who take visitors first, and what each has.
import { For, type JSX } from 'solid-js';
import { t } from '../../text/say';
import { useDesk } from '../../view/desk-context';
import { Face } from '../../view/parts';
import { dotOf } from '../../view/status';
import { Seats } from './seats';
import type { AtWork } from './standing';

export function Staff(props: { staff: AtWork[] }): JSX.Element {
  const { desk } = useDesk();
  const staff = () => [...props.staff].sort((one, other) => (one.status === other.status ? other.serving - one.serving || one.nick.localeCompare(other.nick) : one.status === 'O' ? -1 : 1));
  const busy = (): number => props.staff.filter(({ status }) => status === 'B').length;
  const away = (): number => desk.directory.colleagues[0]().filter(({ active }) => active).length - props.staff.length;
  return (
    <section>
      <h2 class="t16 b">{t('agents')}</h2>
      <p class="m t13">{t('board_agents', { n: props.staff.length - busy(), busy: busy(), away: Math.max(0, away()) })}</p>
      <ul class="board-people">
        <For each={staff()}>
          {(one) => (
            <li class="board-row">
              <Face who="cs" name={one.nick} dot={dotOf(one.status)} />
              <span class="fx cut">
                <bdi>{one.nick}</bdi>
              </span>
              <span class="m t12 nw">{one.status === 'B' ? t('status_busy') : one.serving >= one.cap ? t('board_full') : ''}</span>
              <Seats all={one.cap} free={Math.max(0, one.cap - one.serving)} />
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
