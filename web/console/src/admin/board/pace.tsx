// The last two hours: how many asked in each five minutes, as bars, and how many waited, as a line that ends now.
import { createMemo, For, type JSX } from 'solid-js';
import { locale, t } from '../../text/say';
import { useDesk } from '../../view/desk-context';
import { evenly } from '../figures';
import type { Step } from './standing';

const HALF_HOUR_MS = 1_800_000;
/** A time this near to the last one would run into it. */
const APART = 3;

export function Pace(props: { steps: Step[]; waiting: number | undefined }): JSX.Element {
  const { desk } = useDesk();
  // The last step goes on: what waits in it is what waits now.
  const steps = createMemo(() => props.steps.map((step, at) => (at === props.steps.length - 1 ? { ...step, waiting: props.waiting ?? step.waiting } : step)));
  const lines = createMemo(() => evenly(Math.max(...steps().flatMap(({ asked, waiting }) => [asked, waiting]))));
  const height = (n: number): number => (n / lines().at(-1)!) * 100;
  const middle = (at: number): number => ((at + 0.5) / steps().length) * 100;
  const last = (): Step => steps().at(-1)!;
  const clock = createMemo(() => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: desk.directory.zone() }));
  const isNamed = ({ time }: Step, at: number): boolean => at === steps().length - 1 || (time % HALF_HOUR_MS === 0 && at < steps().length - APART);
  const asked = (): number => steps().reduce((sum, step) => sum + step.asked, 0);

  return (
    <section>
      <div class="pace-head">
        <h2 class="t16 b fx">{t('board_pace')}</h2>
        <span class="pace-key line">{t('board_pace_waiting')}</span>
        <span class="pace-key">{t('board_pace_asked')}</span>
      </div>
      <div class="pace" role="img" aria-label={t('board_pace_said', { asked: asked(), n: last().waiting })}>
        <For each={lines()}>
          {(n) => (
            <div class="pace-line" style={{ bottom: `${height(n)}%` }}>
              <span>{n}</span>
            </div>
          )}
        </For>
        <div class="pace-bars">
          <For each={steps()}>{(step) => <i style={{ height: `${height(step.asked)}%` }} />}</For>
        </div>
        <div class="pace-drawn">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={steps().map((step, at) => `${middle(at)},${100 - height(step.waiting)}`).join(' ')} />
          </svg>
          <b class="pace-now" style={{ left: `${middle(steps().length - 1)}%`, bottom: `${height(last().waiting)}%` }}>
            <span>{last().waiting}</span>
          </b>
          <For each={steps()}>
            {(step, at) => (
              <time class="pace-time" classList={{ gone: !isNamed(step, at()) }} style={{ left: `${middle(at())}%` }}>
                {clock().format(step.time)}
              </time>
            )}
          </For>
        </div>
      </div>
    </section>
  );
}
