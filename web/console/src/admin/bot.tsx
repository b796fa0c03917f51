// How the bot behaves: what it takes for an answer, when it asks for a human, who puts answers into words.
import { t, type Key } from '../text/say';
import type { Draft, Field } from './fields';
import type { Form } from './settings-form';
import { groupsOf, linesOf, textOfGroups, threshold } from './bot-rules';
import { TryOut } from './try-out';

interface Model {
  enabled: boolean;
  url: string;
  name: string;
  key?: string;
  has_key: boolean;
  timeout_ms: number;
  prompt: string;
}

export interface Rules {
  threshold: number;
  most: number;
  synonyms: string[][];
  human: string[];
  human_button: string;
  nothing_found: string;
  model: Model | null;
}

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: t(`bot_${name}` as Key), ...more });
const hinted = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => field(name, kind, { hint: `bot_${name}_hint` as Key, ...more });
/** The rest of the model is asked for once there is to be one. */
const modelled = ({ model_enabled, model_url }: Draft): boolean => model_enabled === true || model_url !== '';

export const BOT: Form<Rules> = {
  title: 'bot',
  about: 'bot_about',
  path: '/bot',
  method: 'PUT',
  fields: () => [
    field('threshold', 'range', { head: 'bot_finding', max: 1000, says: (draft) => t(`bot_threshold_${threshold(Number(draft.threshold))}` as Key, { n: Number(draft.threshold) }) }),
    hinted('most', 'number', { min: 1, max: 20, required: true }),
    hinted('nothing_found', 'text', { max: 200 }),
    hinted('synonyms', 'area'),
    hinted('human', 'area', { head: 'bot_to_human' }),
    hinted('human_button', 'text', { max: 200 }),
    hinted('model_enabled', 'switch', { head: 'bot_model' }),
    hinted('model_url', 'text', { mono: true, max: 2_000, required: true, when: modelled }),
    field('model_name', 'text', { mono: true, max: 200, required: true, when: modelled }),
    field('model_key', 'password', { max: 500, when: modelled, says: ({ model_has_key }) => t(model_has_key ? 'bot_model_key_kept' : 'bot_model_key_hint') }),
    hinted('model_timeout', 'number', { min: 1, max: 120, required: true, when: modelled }),
    hinted('model_prompt', 'area', { max: 4_000, when: modelled }),
  ],
  read: ({ model, ...rules }) => ({
    threshold: rules.threshold,
    most: rules.most,
    nothing_found: rules.nothing_found,
    synonyms: textOfGroups(rules.synonyms),
    human: rules.human.join('\n'),
    human_button: rules.human_button,
    model_enabled: model?.enabled ?? false,
    model_url: model?.url ?? '',
    model_name: model?.name ?? '',
    model_key: '',
    model_has_key: model?.has_key ?? false,
    model_timeout: (model?.timeout_ms ?? 20_000) / 1000,
    model_prompt: model?.prompt ?? '',
  }),
  write: (draft) => ({
    threshold: draft.threshold,
    most: draft.most,
    nothing_found: String(draft.nothing_found).trim(),
    synonyms: groupsOf(String(draft.synonyms)),
    human: linesOf(String(draft.human)),
    human_button: String(draft.human_button).trim(),
    model: modelled(draft)
      ? {
          enabled: draft.model_enabled,
          url: String(draft.model_url).trim(),
          name: String(draft.model_name).trim(),
          ...(draft.model_key !== '' && { key: draft.model_key }),
          timeout_ms: Math.round(Number(draft.model_timeout) * 1000),
          prompt: draft.model_prompt,
        }
      : null,
  }),
  foot: () => <TryOut />,
};
