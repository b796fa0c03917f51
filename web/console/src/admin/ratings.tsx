// How often each rating was given, the best first, and what part of all that is.
import { For, Show, type JSX } from 'solid-js';
import type { Rating } from '../desk/wire';
import { locale, t, type Key } from '../text/say';
import { Nothing } from './states';

const RATINGS: Rating[] = ['BEST', 'GOOD', 'JUSTSOSO', 'BAD', 'RUBBISH'];

export function Ratings(props: { counts: number[] }): JSX.Element {
  const all = (): number => props.counts.reduce((sum, n) => sum + n, 0);
  const part = (at: number): number => (props.counts[at] ?? 0) / all();
  const percent = (share: number): string => new Intl.NumberFormat(locale(), { style: 'percent' }).format(share);
  return (
    <Show when={all() > 0} fallback={<Nothing fact={t('numbers_unrated')} />}>
      <table class="table still ratings">
        <thead>
          <tr>
            <th>{t('numbers_by_rating')}</th>
            <th class="num">{t('numbers_times')}</th>
            <th class="num">{t('numbers_part')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          <For each={RATINGS}>
            {(rating, at) => (
              <tr>
                <td>{t(`rate_${rating}` as Key)}</td>
                <td class="num" data-title={t('numbers_times')}>
                  {props.counts[at()] ?? 0}
                </td>
                <td class="num" data-title={t('numbers_part')}>
                  {percent(part(at()))}
                </td>
                <td class="bar" aria-hidden="true">
                  <i style={{ width: `${part(at()) * 100}%` }} />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}
