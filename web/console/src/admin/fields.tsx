// One field of a form: text, number, choice, switch, several of many, lines.
import { createUniqueId, For, Index, Match, Show, Switch, type JSX } from 'solid-js';
import { t, type Key } from '../text/say';
import { Icon, IconButton } from '../view/parts';
import { Colour, PictureField } from './appearance/inputs';

export interface Item {
  id?: string;
  title: string;
  answer: string;
}

export type Value = string | number | boolean | string[] | Item[];
export type Draft = Record<string, Value>;

export interface Option {
  value: string;
  label: string;
}

export interface Field {
  name: string;
  label: string;
  hint?: Key | undefined;
  /** What the value means, in words that follow it. */
  says?: (draft: Draft) => string;
  /** What stands above it and those that follow. */
  head?: Key;
  kind: 'text' | 'area' | 'password' | 'number' | 'range' | 'choice' | 'switch' | 'many' | 'items' | 'colour' | 'picture';
  options?: () => Option[];
  required?: boolean;
  /** Characters of a text, or the largest number. */
  max?: number;
  min?: number;
  /** Shown only while the draft is so. */
  when?: (draft: Draft) => boolean;
  mono?: boolean;
}

export function FieldInput(props: { field: Field; draft: Draft; missing: boolean; disabled?: boolean; first?: boolean; set: (value: Value) => void }): JSX.Element {
  const id = createUniqueId();
  const value = (): Value => props.draft[props.field.name] ?? '';
  const hint = (): string => {
    if (props.missing) return t('sign_in_missing');
    return props.field.says?.(props.draft) ?? (props.field.hint ? t(props.field.hint) : '');
  };
  const common = (): { id: string; disabled: boolean; 'aria-describedby': string; 'aria-invalid': boolean } => ({
    id,
    disabled: props.disabled ?? false,
    'aria-describedby': `${id}-hint`,
    'aria-invalid': props.missing,
  });
  const focus = (element: HTMLElement): void => {
    if (props.first && !props.disabled && matchMedia('(pointer: fine)').matches) queueMicrotask(() => element.focus());
  };
  return (
    <div class="field" data-field={props.field.name}>
      <Show
        when={props.field.kind !== 'switch'}
        fallback={
          <label class="check" for={id}>
            <input {...common()} type="checkbox" role="switch" class="sw" checked={value() === true} onChange={(event) => props.set(event.currentTarget.checked)} />
            <span>{props.field.label}</span>
          </label>
        }
      >
        <Show when={props.field.kind !== 'many' && props.field.kind !== 'items'} fallback={<span class="lab" id={id}>{props.field.label}</span>}>
          <label for={id}>{props.field.label}</label>
        </Show>
      </Show>
      <Switch>
        <Match when={props.field.kind === 'area'}>
          <textarea {...common()} ref={focus} class="inp area" classList={{ 'is-bad': props.missing, mono: !!props.field.mono }} rows={4} maxLength={props.field.max} dir="auto" value={String(value())} onInput={(event) => props.set(event.currentTarget.value)} />
        </Match>
        <Match when={props.field.kind === 'choice'}>
          <select {...common()} class="inp" value={String(value())} onChange={(event) => props.set(event.currentTarget.value)}>
            <For each={props.field.options?.() ?? []}>{(option) => <option value={option.value} selected={option.value === String(value())}>{option.label}</option>}</For>
          </select>
        </Match>
        <Match when={props.field.kind === 'items'}>
          <Items items={value() as Item[]} disabled={props.disabled ?? false} set={props.set} />
        </Match>
        <Match when={props.field.kind === 'many'}>
          <div class="many" role="group" aria-labelledby={id}>
            <For each={props.field.options?.() ?? []} fallback={<span class="m t13">–</span>}>
              {(option) => (
                <label class="check">
                  <input
                    type="checkbox"
                    disabled={props.disabled}
                    checked={(value() as string[]).includes(option.value)}
                    onChange={(event) => {
                      const rest = (value() as string[]).filter((other) => other !== option.value);
                      props.set(event.currentTarget.checked ? [...rest, option.value] : rest);
                    }}
                  />
                  <bdi class="cut">{option.label}</bdi>
                </label>
              )}
            </For>
          </div>
        </Match>
        <Match when={props.field.kind === 'colour'}>
          <Colour common={common()} label={props.field.label} value={String(value())} set={props.set} />
        </Match>
        <Match when={props.field.kind === 'picture'}>
          <PictureField common={common()} value={String(value())} set={props.set} />
        </Match>
        <Match when={props.field.kind === 'range'}>
          <input {...common()} class="range" type="range" min={props.field.min ?? 0} max={props.field.max} step={10} value={Number(value())} onInput={(event) => props.set(Number(event.currentTarget.value))} />
        </Match>
        <Match when={props.field.kind === 'text' || props.field.kind === 'password' || props.field.kind === 'number'}>
          <input
            {...common()}
            ref={focus}
            class="inp"
            classList={{ 'is-bad': props.missing, mono: !!props.field.mono }}
            type={props.field.kind}
            min={props.field.min ?? 0}
            max={props.field.kind === 'number' ? props.field.max : undefined}
            autocomplete={props.field.kind === 'password' ? 'new-password' : 'off'}
            maxLength={props.field.kind === 'number' ? undefined : props.field.max}
            dir={props.field.kind === 'text' ? 'auto' : undefined}
            value={String(value())}
            onInput={(event) => props.set(props.field.kind === 'number' ? (event.currentTarget.value === '' ? '' : Number(event.currentTarget.value)) : event.currentTarget.value)}
          />
        </Match>
      </Switch>
      <p class="hint" classList={{ bad: props.missing }} id={`${id}-hint`} aria-live={props.field.says ? 'polite' : undefined}>
        {hint()}
      </p>
    </div>
  );
}

/** Questions with their answers, each a pair of fields. */
function Items(props: { items: Item[]; disabled: boolean; set: (items: Item[]) => void }): JSX.Element {
  const change = (at: number, to: Partial<Item>): void => props.set(props.items.map((item, other) => (other === at ? { ...item, ...to } : item)));
  return (
    <div class="items">
      <Index each={props.items}>
        {(item, at) => (
          <div class="item">
            <div class="item-head">
              <input class="inp" dir="auto" maxLength={200} disabled={props.disabled} aria-label={t('questions_question')} placeholder={t('questions_question')} value={item().title} onInput={(event) => change(at, { title: event.currentTarget.value })} />
              <IconButton icon="x" class="sm" label={t('questions_drop_item')} disabled={props.disabled} onClick={() => props.set(props.items.filter((_, other) => other !== at))} />
            </div>
            <textarea class="inp area" dir="auto" rows={2} disabled={props.disabled} aria-label={t('questions_answer')} placeholder={t('questions_answer')} value={item().answer} onInput={(event) => change(at, { answer: event.currentTarget.value })} />
          </div>
        )}
      </Index>
      <Show when={!props.disabled}>
        <button type="button" class="btn sm" onClick={() => props.set([...props.items, { title: '', answer: '' }])}>
          <Icon name="plus" />
          {t('questions_add_item')}
        </button>
      </Show>
    </div>
  );
}
