// How a company presents itself to visitors: its accent, its mark, the launcher on its pages, its first words.
import { t, type Key } from '../../text/say';
import type { Field } from '../fields';
import { ofSettings, type Form } from '../settings-form';
import { Preview } from './preview';

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: t(`look_${name}` as Key), ...more });

export const APPEARANCE: Form = {
  title: 'look',
  about: 'look_about',
  ...ofSettings(() => [
    field('accent', 'colour', { hint: 'look_accent_hint' }),
    field('logo', 'picture', { hint: 'look_logo_hint' }),
    field('welcome', 'area', { hint: 'look_welcome_hint', max: 2_000 }),
    field('offline', 'area', { hint: 'look_offline_hint', max: 2_000 }),
    field('launcher_text', 'text', { head: 'look_launcher', hint: 'look_launcher_text_hint', max: 40 }),
    field('launcher_side', 'choice', { options: () => (['right', 'left'] as const).map((value) => ({ value, label: t(`look_${value}`) })) }),
    field('launcher_gap', 'number', { hint: 'look_launcher_gap_hint', max: 200, required: true }),
  ]),
  beside: Preview,
};
