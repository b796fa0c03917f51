// Numbers of a range of days: sums, a chart by day, a table by agent or group.
import { createEffect, createMemo, createResource, createSignal, For, Match, on, onCleanup, Show, Switch, type JSX } from 'solid-js';
import { inWords } from '../refusal';
import { language, locale, t, type Key } from '../text/say';
import { stopwatch } from '../times';
import { useDesk } from '../view/desk-context';
import { systemIsDark, theme } from '../look';
import { dateOf, daysBetween, isPlausible, mean, satisfied, series, type Numbers } from './figures';
import { Ratings } from './ratings';
import { Failed, Nothing } from './states';

type By = 'day' | 'agent' | 'group' | 'rating';

/** Days of the company, both included. */
type Range = { from: string; to: string };

const DAY_MS = 86_400_000;
const RANGES = [7, 30, 90];

export function NumbersPage(): JSX.Element {
  const { desk } = useDesk();
  const lastDays = (n: number): Range => ({ from: dateOf(Date.now() - (n - 1) * DAY_MS, desk.directory.zone()), to: dateOf(Date.now(), desk.directory.zone()) });
  const [picked, pick] = createSignal<Range>();
  const range = createMemo(() => picked() ?? lastDays(7));
  const isLast = (n: number): boolean => range().from === lastDays(n).from && range().to === lastDays(n).to;
  const [by, setBy] = createSignal<By>('agent');
  const ask = async (query: Range & { by?: string }): Promise<Numbers[]> => (await desk.rest.page<Numbers>('/stats', query)).data;
  const [whole] = createResource(range, (days) => ask(days));
  // Answers keep what they answer: the one before stays until the next is there.
  const [daily] = createResource(range, async (of) => ({ days: daysBetween(of.from, of.to), found: await ask({ ...of, by: 'day' }) }));
  const [table, { refetch }] = createResource(
    // The sum says of ratings what there is to say.
    () => by() !== 'rating' && { ...range(), by: by() },
    async (query) => ({ by: query.by, rows: await ask(query) }),
  );
  const rows = (): Numbers[] => (table.error ? [] : (table()?.rows ?? []));
  const shownBy = (): By => (table.error ? by() : (table()?.by ?? by()));
  const sum = (): Numbers | undefined => (whole.error ? undefined : whole()?.[0]);
  const time = (ms: number | undefined): string => (ms === undefined ? '–' : stopwatch(ms));
  const share = (part: number | undefined): string => (part === undefined ? '–' : new Intl.NumberFormat(locale(), { style: 'percent' }).format(part));
  const name = (row: Numbers): string => {
    if (shownBy() === 'day') return row.day ?? '';
    if (shownBy() === 'agent') return row.csid ? desk.directory.nick(row.csid) : t('numbers_no_agent');
    return row.groupid ? desk.directory.group(row.groupid) : t('numbers_any_group');
  };

  return (
    <section class="table-side numbers" aria-busy={whole.loading || daily.loading || table.loading}>
      <header class="admin-head">
        <h1 class="t18 b fx">{t('numbers')}</h1>
        <div class="switch" role="group" aria-label={t('numbers_range')}>
          <For each={RANGES}>
            {(n) => (
              <button type="button" aria-pressed={isLast(n)} onClick={() => pick(lastDays(n))}>
                {t('numbers_days', { n })}
              </button>
            )}
          </For>
        </div>
        <input class="inp date" type="date" aria-label={t('numbers_from')} max={range().to} value={range().from} onChange={(event) => isPlausible(event.currentTarget.value) && pick({ ...range(), from: event.currentTarget.value })} />
        <input class="inp date" type="date" aria-label={t('numbers_to')} min={range().from} value={range().to} onChange={(event) => isPlausible(event.currentTarget.value) && pick({ ...range(), to: event.currentTarget.value })} />
      </header>
      <div class="table-box" role="region" tabindex="0" aria-label={t('numbers')}>
        <dl class="tiles small">
          <For
            each={
              [
                ['numbers_asked', String(sum()?.asked ?? '–')],
                ['numbers_answered', String(sum()?.answered ?? '–')],
                ['numbers_wait', time(mean(sum()?.waited_ms ?? 0, sum()?.assigned ?? 0))],
                ['numbers_response', time(mean(sum()?.response_ms ?? 0, sum()?.answered ?? 0))],
                ['numbers_satisfied', share(satisfied(sum()?.ratings ?? []))],
              ] as [Key, string][]
            }
          >
            {([key, value]) => (
              <div class="tile">
                <dt class="m2">{t(key)}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
        <Show when={!daily.error && daily()}>{(of) => <Chart days={of().days} asked={series(of().days, of().found, (row) => row.asked)} answered={series(of().days, of().found, (row) => row.answered)} />}</Show>
        <div class="tabs4" role="tablist" aria-label={t('numbers')}>
          <For each={['agent', 'group', 'day', 'rating'] as By[]}>
            {(of) => (
              <button type="button" role="tab" aria-selected={by() === of} onClick={() => setBy(of)}>
                {t(`numbers_by_${of}` as Key)}
              </button>
            )}
          </For>
        </div>
        <Switch>
          <Match when={by() === 'rating'}>
            <Show when={sum()}>{(of) => <Ratings counts={of().ratings} />}</Show>
          </Match>
          <Match when={table.error}>
            <Failed why={inWords(table.error)} again={() => void refetch()} />
          </Match>
          <Match when={table() && rows().length === 0}>
            <Nothing fact={t('numbers_nothing')} />
          </Match>
          <Match when={true}>
            <table class="table still">
              <thead>
                <tr>
                  <th>{t(`numbers_by_${shownBy()}` as Key)}</th>
                  <For each={['numbers_asked', 'numbers_answered', 'numbers_wait', 'numbers_response', 'numbers_served', 'numbers_messages', 'numbers_satisfied'] as Key[]}>{(key) => <th class="num">{t(key)}</th>}</For>
                </tr>
              </thead>
              <tbody>
                <For each={rows()}>
                  {(row) => (
                    <tr>
                      <td>
                        <bdi>{name(row)}</bdi>
                      </td>
                      <td class="num" data-title={t('numbers_asked')}>{row.asked}</td>
                      <td class="num" data-title={t('numbers_answered')}>{row.answered}</td>
                      <td class="num" data-title={t('numbers_wait')}>{time(mean(row.waited_ms, row.assigned))}</td>
                      <td class="num" data-title={t('numbers_response')}>{time(mean(row.response_ms, row.answered))}</td>
                      <td class="num" data-title={t('numbers_served')}>{time(mean(row.served_ms, row.ended))}</td>
                      <td class="num" data-title={t('numbers_messages')}>{row.messages}</td>
                      <td class="num" data-title={t('numbers_satisfied')}>{share(satisfied(row.ratings))}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </Match>
        </Switch>
      </div>
    </section>
  );
}

function Chart(props: { days: string[]; asked: number[]; answered: number[] }): JSX.Element {
  let box!: HTMLDivElement;
  createEffect(
    on([() => props.days, () => props.asked, () => props.answered, language, theme, systemIsDark], () => {
      let gone = (): void => {};
      let left = false;
      onCleanup(() => {
        left = true;
        gone();
      });
      void draw(box, props.days, props.asked, props.answered).then((destroy) => {
        if (left) destroy();
        else gone = destroy;
      });
    }),
  );
  return <div class="chart" ref={box} role="img" aria-label={t('numbers_chart')} />;
}

/** Draws the chart in the colours of the theme; answers how to take it away. */
async function draw(box: HTMLElement, days: string[], asked: number[], answered: number[]): Promise<() => void> {
  const { default: UPlot } = await import('uplot');
  await import('uplot/dist/uPlot.min.css');
  const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = { stroke: colour('--ink-3'), font: '12px sans-serif', grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const day = new Intl.DateTimeFormat(locale(), { month: '2-digit', day: '2-digit' });
  const times = days.map((text) => new Date(`${text}T00:00`).getTime() / 1000);
  const shown = (_: unknown, value: number | null): string => String(value ?? '');
  const plot = new UPlot(
    {
      width: box.clientWidth,
      height: 200,
      cursor: { points: { size: 6 } },
      scales: { y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] } },
      axes: [
        { ...axis, size: 28, values: (_, ticks) => ticks.map((tick) => day.format(tick * 1000)), incrs: [86_400, 2 * 86_400, 7 * 86_400, 30 * 86_400] },
        { ...axis, size: 40, incrs: [1, 2, 5, 10, 50, 100, 500, 1000, 5000] },
      ],
      series: [
        { value: (_, value) => (value === null ? '' : day.format(value * 1000)), label: t('numbers_by_day') },
        { label: t('numbers_asked'), value: shown, stroke: colour('--line-control'), width: 2, points: { show: days.length < 32 } },
        { label: t('numbers_answered'), value: shown, stroke: colour('--accent'), width: 2, points: { show: days.length < 32 } },
      ],
    },
    [times, asked, answered],
    box,
  );
  const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 200 }));
  watch.observe(box);
  return () => {
    watch.disconnect();
    plot.destroy();
  };
}
