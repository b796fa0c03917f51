// Says in words how good a password is while it is typed.
import { Show, type JSX } from 'solid-js';
import { setup } from '../text/setup';
import { t, type Key } from '../text/say';
import { learn } from '../text/texts';
import { PASSWORD_LEAST, strength, type Strength } from './password';

learn(setup);

const TONES: Partial<Record<Strength, string>> = { known: 'warn', plain: 'warn', good: 'ok' };

export function PasswordHint(props: { id: string; password: string; known: string[] }): JSX.Element {
  const is = (): Strength => strength(props.password, props.known);
  return (
    <p class={`hint ${TONES[is()] ?? ''}`} id={props.id} role="status">
      <Show when={is() === 'short'} fallback={t(`password_${is()}` as Key)}>
        {t('password_short', { n: PASSWORD_LEAST - [...props.password].length })}
      </Show>
    </p>
  );
}
